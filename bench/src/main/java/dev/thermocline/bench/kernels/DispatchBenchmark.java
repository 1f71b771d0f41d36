package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Threads;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to start all workers on a task that does nothing, and to wait for them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DispatchBenchmark extends BenchmarkDefaults {
  @Param({"1", "2", "all"})
  public String threads = "";

  private final ParallelTask nothing = (worker, workers) -> {};
  private WorkerPool pool;

  /** Starts the workers and checks that a task runs once on each. */
  @Setup
  public void setUp() {
    pool = new WorkerPool(Threads.count(threads));
    AtomicIntegerArray runs = new AtomicIntegerArray(pool.threads());
    pool.run((worker, workers) -> runs.incrementAndGet(worker));
    for (int worker = 0; worker < runs.length(); worker++) {
      if (runs.get(worker) != 1) {
        throw new IllegalStateException(
            "dispatch: expected one run on worker " + worker + ", got " + runs.get(worker));
      }
    }
  }

  @Benchmark
  public void dispatch() {
    pool.run(nothing);
  }

  @TearDown
  public void tearDown() {
    pool.close();
  }
}
