package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.thermocline.kernels.cuda.CudaException;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every driver call of loading a model and generating some tokens fails once, at every position: no
 * request is lost, its text stays the same, the user reads one line, and nothing is left allocated.
 */
class FaultMatrixTest {
  private static final int TOKENS = 2;

  private static final List<Fault> KINDS =
      List.of(Fault.ALLOCATION, Fault.COPY, Fault.LAUNCH, Fault.SYNCHRONIZATION, Fault.OTHER);

  private static final List<Counter> LIVE =
      List.of(
          Counter.LIVE_DEVICE_ALLOCATIONS,
          Counter.LIVE_PINNED_ALLOCATIONS,
          Counter.LIVE_STREAMS,
          Counter.LIVE_EVENTS,
          Counter.LIVE_MODULES,
          Counter.LIVE_GRAPHS);

  @TempDir Path folder;
  private final LogLines log = new LogLines();
  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  @AfterEach
  void reset() {
    log.close();
    if (cuda != null) {
      cuda.reset();
    }
  }

  private static EngineOptions split() {
    return Runs.cpu(1).withDevice(DeviceMode.AUTO).withHotShare(OptionalDouble.of(0.5));
  }

  /** Attention of some layers on the device, of others on the CPU, all of them split. */
  private static EngineOptions mixed(Model model) {
    NeuronPlacement placement = HybridContract.random(model, 4);
    assertTrue(placement.layers().stream().anyMatch(l -> l.attentionOnDevice()));
    assertTrue(placement.layers().stream().anyMatch(l -> !l.attentionOnDevice()));
    return Runs.cpu(1).withDevice(DeviceMode.AUTO).withPlacement(placement);
  }

  @Test
  void everyCallFailsOnceAndTheCpuGoesOn() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      matrix(model, split());
    }
  }

  @Test
  void alsoWithAttentionOnTheDevice() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      matrix(model, mixed(model));
    }
  }

  private void matrix(Model model, EngineOptions options) throws InterruptedException {
    int[] prompt = Runs.prompt(model, 3);
    int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
    for (Fault kind : KINDS) {
      int nth = 1;
      while (survives(
          kind,
          nth,
          () -> assertArrayEquals(expected, Runs.greedy(model, options, prompt, TOKENS)))) {
        nth++;
      }
      assertTrue(nth > 1, "no call of kind " + kind);
      System.out.println("faults: " + kind + " at " + (nth - 1) + " positions, no request lost");
    }
  }

  /** Work that a fault strikes. */
  private interface Work {
    void run() throws InterruptedException;
  }

  /** Runs work with a fault; false if the work was done before the fault came. */
  private boolean survives(Fault kind, int nth, Work work) throws InterruptedException {
    cuda.reset();
    cuda.fail(kind, nth);
    work.run();
    List<String> lines = log.take();
    assertTrue(lines.size() <= 1, lines::toString);
    assertNothingIsLeft(kind + " number " + nth);
    return lines.size() == 1;
  }

  @Test
  void aDeviceIsLostAtAnyCallAndTheCpuGoesOn() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      int[] prompt = Runs.prompt(model, 3);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
      int positions = 0;
      for (Fault kind : KINDS) {
        List<String> lines = List.of("before the first");
        for (int nth = 1; !lines.isEmpty(); nth += 1 + nth / 4) {
          cuda.reset();
          cuda.loseDevice(kind, nth);
          assertArrayEquals(
              expected, Runs.greedy(model, mixed(model), prompt, TOKENS), kind + " " + nth);
          lines = log.take();
          // Where an allocation is what finds the device gone, less is tried first.
          assertTrue(lines.size() <= (kind == Fault.ALLOCATION ? 2 : 1), lines::toString);
          assertNothingIsLeft(kind + " number " + nth);
          positions++;
        }
      }
      System.out.println("faults: the device lost at " + positions + " positions");
    }
  }

  @Test
  void anExplicitDeviceFailsWithTheReasonAndNothingStays() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      EngineOptions strict = mixed(model).withDevice(DeviceMode.CUDA);
      int[] prompt = Runs.prompt(model, 3);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
      List<String> reasons = new ArrayList<>();
      for (Fault kind : KINDS) {
        boolean failed = true;
        for (int nth = 1; failed; nth += 1 + nth / 4) {
          cuda.reset();
          cuda.fail(kind, nth);
          try {
            assertArrayEquals(expected, Runs.greedy(model, strict, prompt, TOKENS));
            // Less is loaded where memory runs out, which is no failure.
            failed = !log.take().isEmpty();
          } catch (CudaException | GenerationException e) {
            assertTrue(e.getMessage().contains("CUDA_ERROR"), e::getMessage);
            reasons.add(e.getMessage());
          }
          assertNothingIsLeft(kind + " number " + nth);
        }
      }
      assertTrue(reasons.size() > 30, reasons::toString);
    }
  }

  @Test
  void aFaultBetweenTokensOfSeveralSequencesRepeatsNone() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions options = split().withSequences(3).withBatch(4);
      List<int[]> expected = new ArrayList<>();
      for (int length = 2; length < 5; length++) {
        expected.add(Runs.greedy(model, Runs.cpu(1), Runs.prompt(model, length), 10));
      }
      for (int nth = 1; nth < 100; nth += 7) {
        try (InferenceEngine engine = InferenceEngine.open(model, options)) {
          List<Generation> running = new ArrayList<>();
          cuda.fail(Fault.LAUNCH, nth);
          for (int length = 2; length < 5; length++) {
            int[] prompt = Runs.prompt(model, length);
            running.add(
                engine.submit(new GenerationRequest(prompt, 10, SamplingParams.greedy(), true)));
          }
          for (int i = 0; i < running.size(); i++) {
            assertArrayEquals(expected.get(i), running.get(i).awaitAll(), "sequence " + i);
          }
          engine.statistics();
        }
        assertEquals(1, log.take().size());
      }
    }
  }

  @Test
  void sampledTextSurvivesToo() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      GenerationRequest request =
          new GenerationRequest(Runs.prompt(model, 4), 12, SamplingParams.defaults(5), true);
      int[] expected;
      try (InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
        expected = engine.submit(request).awaitAll();
      }
      for (int nth : new int[] {1, 50, 100, 150}) {
        try (InferenceEngine engine = InferenceEngine.open(model, split())) {
          cuda.fail(Fault.LAUNCH, nth);
          assertArrayEquals(expected, engine.submit(request).awaitAll(), "launch " + nth);
        }
      }
      assertEquals(4, log.take().size());
    }
  }

  @Test
  void readingCountersOfALostDeviceLosesNothing() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      int[] prompt = Runs.prompt(model, 3);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, TOKENS);
      try (InferenceEngine engine = InferenceEngine.open(model, split())) {
        assertArrayEquals(expected, Runs.greedy(engine, prompt, TOKENS));
        cuda.loseDevice(Fault.COPY, 1);
        assertEquals(0, engine.statistics().layers().getFirst().hotNeurons());
        assertArrayEquals(expected, Runs.greedy(engine, prompt, TOKENS));
      }
      assertNothingIsLeft("after the loss");
      cuda.reset();
      EngineOptions strict = split().withDevice(DeviceMode.CUDA);
      try (InferenceEngine engine = InferenceEngine.open(model, strict)) {
        cuda.loseDevice(Fault.COPY, 1);
        engine.statistics();
        fail("expected the device's error");
      } catch (GenerationException e) {
        assertTrue(e.getMessage().contains("CUDA_ERROR"), e::getMessage);
      }
      assertNothingIsLeft("after the failure");
    }
  }

  private void assertNothingIsLeft(String when) {
    for (Counter counter : LIVE) {
      assertEquals(0, cuda.counter(counter), counter + ", " + when);
    }
  }
}
