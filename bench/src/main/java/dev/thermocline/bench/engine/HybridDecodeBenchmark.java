package dev.thermocline.bench.engine;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Threads;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hot neurons on a CUDA device, cold ones on the CPU. The device may be emulated, so whatever time
 * JMH prints for this is no speed: it runs once and fails if the hybrid's text is not the CPU's.
 * Without a device it fails with the reason.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class HybridDecodeBenchmark extends BenchmarkDefaults {
  @Param({"default", "tiny-reglu"})
  public String model = "";

  /** Share of each layer's neurons that are on the device. */
  @Param({"0.5", "1.0"})
  public double hotShare;

  @Param("all")
  public String threads = "";

  private BenchModel opened;
  private EngineOptions options;
  private int[] expected;

  /** Generates the text on the CPU. */
  @Setup
  public void setUp() throws IOException {
    opened = BenchModel.open(model);
    options =
        EngineOptions.defaults().withSparse(SparseMode.EXACT).withThreads(Threads.count(threads));
    try (TextReplay cpu = new TextReplay(opened.model(), options.withDevice(DeviceMode.CPU))) {
      expected = cpu.text();
    }
  }

  /**
   * Generates the text again with the device, its logits checked against the reference.
   *
   * @throws IllegalStateException if it is another one
   */
  @Benchmark
  public int[] correctnessOnly() {
    EngineOptions hybrid =
        options.withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(hotShare));
    try (TextReplay replay = new TextReplay(opened.model(), hybrid)) {
      if (!Arrays.equals(expected, replay.text())) {
        throw new IllegalStateException(
            "hybrid: expected the CPU's tokens "
                + Arrays.toString(expected)
                + ", got "
                + Arrays.toString(replay.text()));
      }
      return replay.text();
    }
  }

  @TearDown
  public void tearDown() throws IOException {
    opened.close();
  }
}
