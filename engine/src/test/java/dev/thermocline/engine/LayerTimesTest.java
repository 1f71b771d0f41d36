package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.hybrid.LayerTimes;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the time of layers goes, on the CPU and on the emulated device. */
class LayerTimesTest {
  private static final int TOKENS = 48;

  @TempDir Path folder;

  /** The times of a run, which took no longer than it did. */
  private static List<LayerTimes> run(Model model, EngineOptions options) throws Exception {
    long started = System.nanoTime();
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      int[] text = Runs.greedy(engine, Runs.prompt(model, 1), TOKENS);
      assertEquals(TOKENS, text.length);
      List<LayerTimes> times = engine.statistics().times();
      assertEquals(model.config().nLayer(), times.size());
      long sum = times.stream().mapToLong(t -> t.cpuNanos() + t.waitNanos()).sum();
      assertTrue(sum <= System.nanoTime() - started, times.toString());
      return times;
    }
  }

  @Test
  void everyStepOfTheCpuIsTimed() throws Exception {
    for (Path file :
        List.of(
            TestModels.reglu(folder, TensorFormats.F32),
            TestModels.swiglu(folder, TensorFormats.F32))) {
      try (Model model = Model.open(file)) {
        for (LayerTimes layer : run(model, Runs.cpu(1))) {
          assertEquals(TOKENS, layer.tokens());
          assertTrue(layer.cpuMillis() > 0, layer.toString());
          assertEquals(0, layer.gpuNanos());
          assertEquals(0, layer.waitNanos());
        }
      }
    }
  }

  @Test
  void someStepsOfTheDeviceAreTimed() throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    long events = cuda.counter(Counter.LIVE_EVENTS);
    EngineOptions hybrid = Runs.cpu(1).withDevice(DeviceMode.CUDA);
    for (Mode mode : Mode.values()) {
      cuda.mode(mode);
      try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
        onDevice(run(model, hybrid.withHotShare(OptionalDouble.of(0.5))));
        for (int seed = 0; seed < 4; seed++) {
          sampled(run(model, hybrid.withPlacement(HybridContract.random(model, seed))));
        }
      }
      try (Model model = Model.open(TinyArchitectures.write("smallthinker", folder))) {
        onDevice(run(model, hybrid.withHotShare(OptionalDouble.of(0.5))));
      }
    }
    cuda.reset();
    assertEquals(events, cuda.counter(Counter.LIVE_EVENTS));
  }

  private static void onDevice(List<LayerTimes> times) {
    sampled(times);
    for (LayerTimes layer : times) {
      assertTrue(layer.gpuMillis() > 0 && layer.waitMillis() > 0, layer.toString());
    }
  }

  /** One step of sixteen. */
  private static void sampled(List<LayerTimes> times) {
    for (LayerTimes layer : times) {
      assertEquals(TOKENS / 16, layer.tokens());
      assertTrue(layer.cpuMillis() > 0, layer.toString());
    }
  }
}
