package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.engine.schedule.Sequence;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Decoding allocates nothing on the Java heap once the JIT compiler has seen it: until then,
 * vectors are objects.
 */
class AllocationTest {
  private static final int WINDOW = 16;

  /** Far more than C2 has ever needed; only a failing test comes here. */
  private static final int MOST_WINDOWS = 4_000;

  @TempDir Path folder;

  /** Which calls C2 leaves depends on the width; this has been settled for the most common one. */
  @BeforeAll
  static void onlyAt256Bits() {
    try (WorkerPool pool = new WorkerPool(1);
        Kernels kernels = Kernels.vector(pool)) {
      assumeTrue(kernels.name().equals("vector-256"), kernels.name() + " instead of vector-256");
    }
  }

  @Test
  void decodingOnTheCpuAllocatesNothing() throws Exception {
    for (Path file :
        List.of(
            TestModels.powerInfer(folder, TensorFormats.Q8_0),
            TestModels.nemotron(folder, TensorFormats.BF16),
            TestModels.nemotron(folder, TensorFormats.F16),
            TestModels.reglu(folder, TensorFormats.Q4_0),
            TestModels.powerInfer(folder, TensorFormats.F32),
            TestModels.swiglu(folder, TensorFormats.Q8_0),
            TinyArchitectures.write("smallthinker", folder),
            TinyArchitectures.write("gpt-oss", folder),
            TinyArchitectures.write("gemma2", folder))) {
      try (Model model = Model.open(file)) {
        String what = "CPU, " + file.getFileName();
        assertEquals(0, leastAllocated(model, Runs.cpu(1).withContext(64), what), what);
      }
    }
  }

  @Test
  void decodingOnBothAllocatesNothing() throws Exception {
    EmulatedCuda.load();
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions hybrid = Runs.cpu(1).withDevice(DeviceMode.CUDA);
      assertEquals(0, leastAllocated(model, hybrid.withHotShare(OptionalDouble.of(0.5)), "hybrid"));
      assertEquals(
          0,
          leastAllocated(
              model,
              hybrid.withPlacement(HybridContract.random(model, 4)),
              "hybrid, attention on the device"));
    }
  }

  /** The fewest bytes that this thread, which does all the work, allocates for some tokens. */
  private static long leastAllocated(Model model, EngineOptions options, String what) {
    long least = Long.MAX_VALUE;
    int windows = 0;
    try (Decoder decoder = new Decoder(model, options)) {
      for (; least > 0 && windows < MOST_WINDOWS; windows++) {
        least = Math.min(least, decoder.allocated());
      }
    }
    System.out.printf(
        "heap bytes per decoded token, %s: %d after %d tokens%n",
        what, least / WINDOW, windows * WINDOW);
    return least;
  }

  /** Decodes on the calling thread what the decode thread would. */
  private static final class Decoder implements AutoCloseable {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final EngineOptions options;
    private final EngineRunner runner;
    private final Scheduler scheduler;
    private final int vocabulary;
    private int round;

    Decoder(Model model, EngineOptions options) {
      this.options = options;
      this.vocabulary = model.config().nVocab();
      this.runner = EngineRunner.load(model, options);
      this.scheduler = new Scheduler(runner.pages(), options.batch(), true);
    }

    /** Bytes for a window of tokens, somewhere in the middle of a text. */
    long allocated() {
      SamplingParams params =
          round++ % 2 == 0 ? SamplingParams.defaults(round) : SamplingParams.greedy();
      Sequence sequence =
          new Sequence(new int[] {5, 6, 7}, options.context(), new Sampler(params, vocabulary));
      scheduler.admit(sequence);
      step();
      step();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < WINDOW; i++) {
        step();
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      scheduler.remove(sequence);
      return bytes;
    }

    private void step() {
      TokenBatch batch = scheduler.next();
      runner.runner().forward(batch);
      scheduler.computed();
      int count = scheduler.finishingCount();
      HostActivations logits = runner.runner().logits(scheduler.finishingRows(), 0, count);
      for (int i = 0; i < count; i++) {
        Sequence sequence = scheduler.finishing(i);
        sequence.append(
            sequence
                .sampler()
                .sample(
                    logits.values(),
                    logits.offset(i),
                    vocabulary,
                    sequence.tokens(),
                    sequence.length()));
      }
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
