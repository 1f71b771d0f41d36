package dev.thermocline.predictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.predictor.internal.Floats;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SelectorTest {
  private static final int WIDTH = 64;
  private static final int NEURONS = 200;
  private static final int RANK = 32;

  private final PlantedLayer random = new PlantedLayer(8, 8, 2, 0, 11);
  private final float[] fc1 = random.gaussian(RANK * WIDTH, 0.2);
  private final float[] fc2 = random.gaussian(NEURONS * RANK, 0.2);

  private LowRankParameters parameters(SelectorInput input, float threshold) {
    return new LowRankParameters(
        Floats.tensor("fc1", TensorFormats.F16, RANK, WIDTH, fc1),
        Floats.tensor("fc2", TensorFormats.F16, NEURONS, RANK, fc2),
        threshold,
        input);
  }

  private HostActivations input(int tokens) {
    HostActivations x = new HostActivations(tokens, WIDTH);
    System.arraycopy(random.gaussian(tokens * WIDTH, 1), 0, x.values(), 0, tokens * WIDTH);
    return x;
  }

  @Test
  void lowRankNamesWhatItsFormulaSays() {
    int tokens = 70;
    SelectorWorkspace workspace = new SelectorWorkspace(tokens, WIDTH, NEURONS);
    HostActivations residual = input(tokens);
    HostActivations normed = input(tokens);
    try (Kernels kernels = Kernels.reference();
        LowRank selector =
            new LowRank(kernels, parameters(SelectorInput.RESIDUAL, 0.1f), workspace)) {
      RowSet[] sets = selector.select(residual, normed, tokens);
      for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < NEURONS; i++) {
          double score = score(selector, residual, t, i);
          if (Math.abs(score - 0.1) > 1e-4) {
            assertEquals(score >= 0.1, sets[t].contains(i), "token " + t + ", neuron " + i);
          }
        }
      }
      assertTrue(selector.skips());
      assertEquals((RANK * WIDTH + NEURONS * RANK) * 2L, selector.bytesPerToken());
    }
  }

  private double score(LowRank selector, HostActivations x, int token, int neuron) {
    LowRankParameters p = parameters(selector.input(), 0);
    double sum = 0;
    float[] row1 = new float[WIDTH];
    float[] row2 = new float[RANK];
    p.fc2().decodeRow(neuron, row2, 0);
    for (int k = 0; k < RANK; k++) {
      p.fc1().decodeRow(k, row1, 0);
      double z = 0;
      for (int c = 0; c < WIDTH; c++) {
        z += row1[c] * x.values()[x.offset(token) + c];
      }
      sum += row2[k] * Math.max(0, z);
    }
    return sum;
  }

  @Test
  void lowRankReadsTheInputItWasTrainedOn() {
    SelectorWorkspace workspace = new SelectorWorkspace(1, WIDTH, NEURONS);
    HostActivations a = input(1);
    HostActivations b = input(1);
    try (Kernels kernels = Kernels.reference();
        LowRank residual = new LowRank(kernels, parameters(SelectorInput.RESIDUAL, 0), workspace);
        LowRank normed = new LowRank(kernels, parameters(SelectorInput.NORMED, 0), workspace)) {
      long[] fromResidual = residual.select(a, b, 1)[0].words().clone();
      assertArrayEquals(fromResidual, normed.select(b, a, 1)[0].words());
    }
  }

  @Test
  void selectingAllocatesNothing() {
    SelectorWorkspace workspace = new SelectorWorkspace(4, WIDTH, NEURONS);
    HostActivations x = input(4);
    RowSet columns = new RowSet(WIDTH);
    float[] norms = random.gaussian(WIDTH, 1);
    WinaColumns wina = WinaColumns.of(norms, 0.3f);
    TopColumns top = new TopColumns(norms, 20);
    try (Kernels kernels = Kernels.reference();
        LowRank lowRank =
            new LowRank(kernels, parameters(SelectorInput.RESIDUAL, 0.1f), workspace);
        RandomNeurons anything = new RandomNeurons(workspace, 0.3, 1)) {
      Runnable once =
          () -> {
            lowRank.select(x, x, 4);
            lowRank.select(x, x, 1);
            anything.select(x, x, 4);
            wina.select(x, 2, columns);
            top.select(x, 2, columns);
          };
      for (int i = 0; i < 500; i++) {
        once.run();
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        once.run();
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 2000, "1000 rounds allocated " + allocated + " bytes");
    }
  }

  @Test
  void exactSelectorsTakeAllCandidates() {
    HostActivations x = input(1);
    try (AllNeurons all = new AllNeurons(NEURONS);
        GateFirst gateFirst = new GateFirst(NEURONS)) {
      assertNull(all.select(x, x, 1));
      assertFalse(all.skips());
      assertNull(gateFirst.select(x, x, 1));
      assertTrue(gateFirst.skips());
      assertArrayEquals(new float[NEURONS], gateFirst.cutoffs());
    }
  }

  @Test
  void energyTurnsItsThresholdIntoCutoffsOfGates() {
    try (Energy energy = Energy.of(0.5f, new float[] {1, 0.25f, 0, 2})) {
      assertArrayEquals(new float[] {0.5f, 2, Float.MAX_VALUE, 0.25f}, energy.cutoffs());
      try (Energy same = new Energy(Floats.tensor("c", 1, 4, energy.cutoffs()))) {
        assertArrayEquals(energy.cutoffs(), same.cutoffs());
      }
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Energy(Floats.tensor("c", 1, 2, new float[] {1, -1})));
    assertEquals("c: expected cutoffs of at least 0, got -1.0", e.getMessage());
  }

  @Test
  void randomKeepsItsShareAndRepeats() {
    SelectorWorkspace workspace = new SelectorWorkspace(50, WIDTH, NEURONS);
    HostActivations x = input(50);
    try (RandomNeurons a = new RandomNeurons(workspace, 0.3, 7)) {
      int count = 0;
      for (RowSet set : a.select(x, x, 50)) {
        count += set.count();
      }
      assertEquals(0.3, count / (50.0 * NEURONS), 0.02);
      long[] words = workspace.candidates()[49].words().clone();
      try (RandomNeurons b = new RandomNeurons(workspace, 0.3, 7)) {
        assertArrayEquals(words, b.select(x, x, 50)[49].words());
      }
    }
  }

  @Test
  void shapesMustAgree() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new LowRankParameters(
                    Floats.tensor("fc1", RANK, WIDTH, fc1),
                    Floats.tensor("fc2", NEURONS, RANK - 1, new float[NEURONS * (RANK - 1)]),
                    0,
                    SelectorInput.RESIDUAL));
    assertEquals(
        "fc2: expected 32 columns, as many as fc1 has rows, got [200][31]", e.getMessage());
    try (Kernels kernels = Kernels.reference()) {
      SelectorWorkspace other = new SelectorWorkspace(1, WIDTH, NEURONS + 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> new LowRank(kernels, parameters(SelectorInput.RESIDUAL, 0), other));
    }
  }
}
