package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.engine.run.PlacementPlanner;
import dev.thermocline.kernels.cuda.CudaBytes;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import dev.thermocline.predictor.placement.MachineProfile;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.placement.OutOfBudgetException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Device memory is planned to the byte: a device with no more than the budget suffices, and little
 * of what was planned is left over.
 */
class BudgetTest {
  /** A GPU so fast that whatever fits is placed. */
  private static final MachineProfile FAST = new MachineProfile(10, 1000, 0.001, 10);

  /** Pages of a context of 96. */
  private static final PageBudget PAGES = new PageBudget(3, 1, 3);

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
      assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS));
      cuda.reset();
    }
  }

  private static long backend() {
    return CudaBytes.backend(CudaOptions.of(Runs.cpu(1).batch()));
  }

  @Test
  void aPlanIsNeverExceededAndLittleOfItIsLeft() throws Exception {
    for (Path file :
        List.of(
            TestModels.powerInfer(folder, TensorFormats.F16),
            TestModels.reglu(folder, TensorFormats.Q4_0),
            TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      try (Model model = Model.open(file)) {
        for (long more : new long[] {0, 100_000, 260_000, 320_000, 400_000, 600_000, 10_000_000}) {
          plan(model, backend() + more);
        }
      }
    }
  }

  /** Norms, biases, sinks, fused matrices, branches, experts: whatever a layer keeps there. */
  @ParameterizedTest
  @MethodSource("dev.thermocline.models.TinyArchitectures#names")
  void aPlanOfAnyArchitectureIsNeverExceeded(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      EngineOptions options = Runs.cpu(1).withContext(64).withDevice(DeviceMode.CUDA);
      int[] tokens = Runs.prompt(model, 20);
      float[] expected = Runs.logits(model, options.withDevice(DeviceMode.CPU), tokens);
      for (long more : new long[] {300_000, 10_000_000}) {
        MemoryBudget ledger = new MemoryBudget(backend() + more);
        PlacementPlanner planner =
            new PlacementPlanner(model, options, new PageBudget(2, 1, 2), null);
        NeuronPlacement placement = planner.solve(FAST, ledger);
        cuda.memoryBytes(ledger.usedBytes());
        try (InferenceEngine engine =
            InferenceEngine.open(model, options.withPlacement(placement))) {
          assertTrue(Runs.difference(expected, Runs.logits(engine, tokens)) < 2e-5, name);
          long held = engine.runner().deviceBytes();
          assertTrue(held <= ledger.usedBytes(), name + ": " + held + " of " + ledger.usedBytes());
          assertTrue(placement.layers().getLast().attentionOnDevice() || more < 1_000_000, name);
        }
        assertEquals(List.of(), log.take());
        cuda.reset();
      }
    }
  }

  private void plan(Model model, long bytes) throws InterruptedException {
    EngineOptions options = Runs.cpu(1).withDevice(DeviceMode.CUDA);
    MemoryBudget ledger = new MemoryBudget(bytes);
    NeuronPlacement placement;
    try {
      placement = new PlacementPlanner(model, options, PAGES, null).solve(FAST, ledger);
    } catch (OutOfBudgetException e) {
      assertTrue(bytes < backend() + 250_000, e::getMessage);
      return;
    }
    cuda.memoryBytes(ledger.usedBytes());
    try (InferenceEngine engine = InferenceEngine.open(model, options.withPlacement(placement))) {
      Runs.greedy(engine, Runs.prompt(model, 20), 3);
      Runs.logits(engine, Runs.prompt(model, 40));
      long held = engine.runner().deviceBytes();
      assertEquals(held, cuda.counter(Counter.LIVE_DEVICE_BYTES));
      long left = ledger.usedBytes() - held;
      System.out.printf(
          "budget %,d: planned %,d, held %,d; %d hot, attention of %d layers%n",
          bytes,
          ledger.usedBytes(),
          held,
          placement.hotNeurons(),
          placement.layers().stream().filter(l -> l.attentionOnDevice()).count());
      // Scratch is planned for all neurons of a layer before it is known how many become hot.
      int width = model.config().nEmbd();
      long scratch =
          CudaBytes.scratch(CudaOptions.of(options.batch()), width, model.config().nFf(), width);
      assertTrue(left >= 0 && left < scratch + 4096, left + " bytes were planned and not used");
      if (placement.hotNeurons() == (long) model.config().nLayer() * model.config().nFf()) {
        assertTrue(left < 4096, left + " bytes were planned and not used");
      }
    }
    assertEquals(List.of(), log.take());
    cuda.reset();
  }

  @Test
  void theEngineKeepsToItsBudget() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      int[] prompt = Runs.prompt(model, 5);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, 4);
      for (long bytes : new long[] {0, 4096, backend() - 1, backend() + 1, backend() + 400_000}) {
        cuda.memoryBytes(bytes);
        EngineOptions options =
            Runs.cpu(1).withDevice(DeviceMode.AUTO).withVram(OptionalLong.of(bytes));
        assertArrayEquals(expected, Runs.greedy(model, options, prompt, 4), bytes + " bytes");
        List<String> lines = log.take();
        boolean enough = bytes > backend() + 1;
        assertEquals(enough ? 0 : 1, lines.size(), lines::toString);
        assertTrue(enough || lines.getFirst().startsWith("the CPU does all: "), lines::toString);
        assertThrows(
            OutOfBudgetException.class,
            () ->
                InferenceEngine.open(
                    model, options.withDevice(DeviceMode.CUDA).withVram(OptionalLong.of(4096))));
        cuda.reset();
      }
    }
  }

  @Test
  void lessIsPlacedWhereMemoryRunsOut() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions all =
          Runs.cpu(1).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(1));
      int[] prompt = Runs.prompt(model, 5);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, 4);
      cuda.memoryBytes(backend() + 150_000);
      for (EngineOptions options :
          List.of(all, all.withPlacement(HybridContract.random(model, 4)))) {
        try (InferenceEngine engine = InferenceEngine.open(model, options)) {
          assertArrayEquals(expected, Runs.greedy(engine, prompt, 4));
          long hot = engine.runner().placement().hotNeurons();
          assertTrue(hot > 0 && hot <= 240, hot + " hot neurons");
        }
        List<String> lines = log.take();
        assertTrue(!lines.isEmpty() && lines.size() <= 3, lines::toString);
      }
    }
  }
}
