package dev.thermocline.predictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.calibrate.Cett;
import dev.thermocline.predictor.calibrate.EnergyFit;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.LayerProfile;
import dev.thermocline.predictor.profile.NeuronSamples;
import dev.thermocline.predictor.profile.NeuronValues;
import dev.thermocline.predictor.training.BlockCost;
import dev.thermocline.predictor.training.LowRankTraining;
import dev.thermocline.predictor.training.TrainedPredictor;
import dev.thermocline.predictor.training.TrainingOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What selectors promise, held against what a block of neurons then computes. */
class SelectedBlockTest {
  private static final int WIDTH = 48;
  private static final int NEURONS = 128;
  private static final int TOKENS = 800;

  private final PlantedLayer source = new PlantedLayer(WIDTH, NEURONS, 8, 0, 21);
  private final WorkerPool pool = new WorkerPool(1);
  private final Kernels kernels = Kernels.reference();
  private final Tensor gate = weight(2.0 / Math.sqrt(WIDTH));
  private final Tensor up = weight(1);
  private final HostActivations x = new HostActivations(TOKENS, WIDTH);

  SelectedBlockTest() {
    System.arraycopy(source.gaussian(TOKENS * WIDTH, 1), 0, x.values(), 0, TOKENS * WIDTH);
  }

  @AfterEach
  void close() {
    kernels.close();
    pool.close();
  }

  private Tensor weight(double scale) {
    return Floats.tensor("w", NEURONS, WIDTH, source.gaussian(NEURONS * WIDTH, scale));
  }

  private HostActivations product(Tensor weight) {
    HostActivations out = new HostActivations(TOKENS, NEURONS);
    kernels.matrix(weight).multiply(x, TOKENS, out);
    return out;
  }

  private NeuronValues values(ActivationFunction activation) {
    HostActivations gates = product(gate);
    HostActivations ups = product(up);
    HostActivations hidden = new HostActivations(TOKENS, NEURONS);
    kernels.activate(activation, gates, TOKENS);
    for (int i = 0; i < hidden.values().length; i++) {
      hidden.values()[i] = gates.values()[i] * ups.values()[i];
    }
    return new NeuronValues(x, x, gates, ups, hidden);
  }

  /** Output of tokens from {@code from} on. */
  private float[] output(Selector selector, ActivationFunction activation, int from) {
    int n = TOKENS - from;
    HostActivations in = new HostActivations(n, WIDTH);
    HostActivations out = new HostActivations(n, WIDTH);
    System.arraycopy(x.values(), x.offset(from), in.values(), 0, n * WIDTH);
    NeuronWeights weights = new NeuronWeights(gate, null, up, null, source.downT, activation);
    try (NeuronBlock block = kernels.neurons(weights, null)) {
      block.cutoffs(selector.cutoffs());
      block.forward(in, n, selector.select(in, in, n), selector.skips(), out);
    }
    return out.values();
  }

  private static double cett(float[] dense, float[] sparse) {
    double sum = 0;
    int tokens = dense.length / WIDTH;
    for (int t = 0; t < tokens; t++) {
      float[] lost = new float[WIDTH];
      float[] whole = new float[WIDTH];
      for (int c = 0; c < WIDTH; c++) {
        whole[c] = dense[t * WIDTH + c];
        lost[c] = whole[c] - sparse[t * WIDTH + c];
      }
      sum += Cett.ratio(lost, whole);
    }
    return sum / tokens;
  }

  @Test
  void exactSelectorsChangeNothing() {
    float[] dense = output(new AllNeurons(NEURONS), ActivationFunction.RELU, 0);
    assertArrayEquals(dense, output(new GateFirst(NEURONS), ActivationFunction.RELU, 0), 1e-5f);
    assertArrayEquals(
        dense, output(Energy.of(0, source.downNorms), ActivationFunction.RELU, 0), 1e-5f);
    SelectorWorkspace workspace = new SelectorWorkspace(TOKENS, WIDTH, NEURONS);
    LowRankParameters everything =
        new LowRankParameters(
            Floats.tensor("fc1", 8, WIDTH, source.gaussian(8 * WIDTH, 1)),
            Floats.tensor("fc2", NEURONS, 8, source.gaussian(NEURONS * 8, 1)),
            Float.NEGATIVE_INFINITY,
            SelectorInput.RESIDUAL);
    try (LowRank lowRank = new LowRank(kernels, everything, workspace)) {
      assertArrayEquals(dense, output(lowRank, ActivationFunction.RELU, 0), 1e-5f);
    }
  }

  @Test
  void energyLosesWhatItsFitSays() {
    NeuronValues values = values(ActivationFunction.SILU);
    NeuronSamples samples = source.samples(values, TOKENS);
    LayerProfile profile = new LayerProfile(NEURONS);
    profile.observe(values.hidden(), values.up(), TOKENS, source.downNorms, 0);
    float[] weights = profile.outputWeights(source.downNorms, true);
    EnergyFit fit = EnergyFit.of(new Cett(samples, source.downT, pool), samples, weights, 0.2);
    float[] dense = output(new AllNeurons(NEURONS), ActivationFunction.SILU, 0);
    float[] sparse = output(Energy.of(fit.threshold(), weights), ActivationFunction.SILU, 0);
    assertEquals(fit.cett(), cett(dense, sparse), 2e-3);
  }

  @Test
  void aTrainedPredictorLosesWhatItsReportSays() {
    NeuronSamples samples = source.samples(values(ActivationFunction.RELU), TOKENS);
    TrainedPredictor trained =
        new LowRankTraining(pool, new TrainingOptions(0.2, 4, 4e-3, TensorFormats.F16, 2))
            .trainRank(
                0, samples, SelectorInput.RESIDUAL, 32, source.downT, new BlockCost(96, 192));
    // The last tenth is what nothing was trained on.
    int from = TOKENS - TOKENS / 10;
    SelectorWorkspace workspace = new SelectorWorkspace(TOKENS, WIDTH, NEURONS);
    try (LowRank lowRank = new LowRank(kernels, trained.parameters(), workspace)) {
      float[] dense = output(new AllNeurons(NEURONS), ActivationFunction.RELU, from);
      float[] sparse = output(lowRank, ActivationFunction.RELU, from);
      assertEquals(trained.report().cett(), cett(dense, sparse), 2e-3);
    }
  }
}
