package dev.thermocline.bench.engine;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Threads;
import dev.thermocline.bench.Traffic;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.kernels.HostActivations;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Whole tokens on the CPU, from the embedding to the logits: operations are tokens. */
public class TokenDecodeBenchmark extends BenchmarkDefaults {
  /** {@code default}, or a synthetic shape; {@code 1b-reglu} takes a few GB of disk and memory. */
  @Param({"default", "tiny-reglu"})
  public String model = "";

  /** {@code OFF} is dense, {@code EXACT} leaves out the neurons that are exactly zero. */
  @Param({"OFF", "EXACT"})
  public SparseMode sparse = SparseMode.OFF;

  @Param({"1", "all"})
  public String threads = "";

  private BenchModel opened;
  private TextReplay replay;

  /** Loads the model and checks the first tokens. */
  @Setup
  public void setUp() throws IOException {
    opened = BenchModel.open(model);
    EngineOptions options =
        EngineOptions.defaults()
            .withDevice(DeviceMode.CPU)
            .withSparse(sparse)
            .withThreads(Threads.count(threads));
    replay = new TextReplay(opened.model(), options);
  }

  @Benchmark
  public HostActivations decode(Traffic traffic) {
    traffic.bytes += replay.bytesPerToken();
    return replay.step();
  }

  /** Closes the model. */
  @TearDown
  public void tearDown() throws IOException {
    replay.close();
    opened.close();
  }
}
