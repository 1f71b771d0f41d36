package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.CudaException;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.nio.file.Path;
import java.util.Collections;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every driver call fails once, at every position: no request is lost and nothing leaks. */
class FaultMatrixTest {
  private static final int TOKENS = 3;

  @TempDir Path folder;
  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  @AfterEach
  void reset() {
    if (cuda != null) {
      cuda.reset();
    }
  }

  @Test
  void everyCallFailsOnceAndTheCpuGoesOn() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions options =
          Runs.cpu(1).withDevice(DeviceMode.AUTO).withHotShare(OptionalDouble.of(0.5));
      matrix(model, options);
    }
  }

  @Test
  void alsoWithAttentionOnTheDevice() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      NeuronPlacement placement =
          NeuronPlacement.random(
              Collections.nCopies(model.config().nLayer(), model.config().nFf()), 4);
      assertTrue(placement.layers().stream().anyMatch(l -> l.attentionOnDevice()));
      matrix(model, Runs.cpu(1).withDevice(DeviceMode.AUTO).withPlacement(placement));
    }
  }

  private void matrix(Model model, EngineOptions options) throws InterruptedException {
    int[] prompt = Runs.prompt(model, 5);
    int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
    for (Fault kind :
        new Fault[] {
          Fault.ALLOCATION, Fault.COPY, Fault.LAUNCH, Fault.SYNCHRONIZATION, Fault.OTHER
        }) {
      int positions = calls(model, options, prompt, kind);
      for (int nth = 1; nth <= positions; nth++) {
        cuda.reset();
        cuda.fail(kind, nth);
        assertArrayEquals(
            expected, Runs.greedy(model, options, prompt, TOKENS), kind + " number " + nth);
        assertNothingIsLeft(kind + " number " + nth);
      }
      System.out.println("faults: " + kind + " at " + positions + " positions, no request lost");
    }
  }

  /** How many calls of a kind a generation makes: the first number that fails nothing, less one. */
  private int calls(Model model, EngineOptions options, int[] prompt, Fault kind)
      throws InterruptedException {
    EngineOptions strict = options.withDevice(DeviceMode.CUDA);
    int low = 0;
    int high = 4096;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      cuda.reset();
      cuda.fail(kind, middle);
      boolean failed;
      try {
        Runs.greedy(model, strict, prompt, TOKENS);
        failed = false;
      } catch (CudaException | GenerationException e) {
        failed = true;
      }
      assertNothingIsLeft(kind + " number " + middle);
      low = failed ? middle : low;
      high = failed ? high : middle;
    }
    assertTrue(low > 0, "a generation makes calls of kind " + kind);
    return low;
  }

  @Test
  void aLostDeviceLosesNoRequest() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      int[] prompt = Runs.prompt(model, 5);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
      EngineOptions options =
          Runs.cpu(1).withDevice(DeviceMode.AUTO).withHotShare(OptionalDouble.of(0.5));
      for (int nth : new int[] {1, 5, 20, 40}) {
        cuda.reset();
        cuda.loseDevice(Fault.LAUNCH, nth);
        assertArrayEquals(expected, Runs.greedy(model, options, prompt, TOKENS), "launch " + nth);
      }
    }
  }

  @Test
  void anExplicitDeviceFailsWithTheReason() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions options =
          Runs.cpu(1).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(0.5));
      try (InferenceEngine engine = InferenceEngine.open(model, options)) {
        cuda.fail(Fault.LAUNCH, 3);
        GenerationException failure =
            assertThrows(
                GenerationException.class,
                () -> Runs.greedy(engine, Runs.prompt(model, 5), TOKENS));
        assertTrue(failure.getMessage().contains("CUDA_ERROR"), failure.getMessage());
      }
      assertNothingIsLeft("after a failure");
    }
  }

  private void assertNothingIsLeft(String when) {
    assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS), when);
    assertEquals(0, cuda.counter(Counter.LIVE_PINNED_ALLOCATIONS), when);
    assertEquals(0, cuda.counter(Counter.LIVE_STREAMS), when);
    assertEquals(0, cuda.counter(Counter.LIVE_EVENTS), when);
    assertEquals(0, cuda.counter(Counter.LIVE_MODULES), when);
  }
}
