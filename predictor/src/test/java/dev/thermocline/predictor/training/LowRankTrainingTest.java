package dev.thermocline.predictor.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.PlantedLayer;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.profile.NeuronSamples;
import dev.thermocline.predictor.profile.NeuronValues;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LowRankTrainingTest {
  private static final int TOKENS = 4000;

  /** Bytes of a Q8_0 ReGLU neuron of width 96. */
  private static final BlockCost COST = new BlockCost(102, 204);

  private static final PlantedLayer LAYER = new PlantedLayer(96, 384, 12, -1.6, 1);
  private static WorkerPool pool;
  private static NeuronValues values;
  private static NeuronSamples samples;

  @BeforeAll
  static void sample() {
    pool = new WorkerPool(1);
    values = LAYER.forward(TOKENS);
    samples = LAYER.samples(values, TOKENS);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static LowRankTraining training(double cett, int epochs) {
    return new LowRankTraining(pool, new TrainingOptions(cett, epochs, 4e-3, TensorFormats.F16, 3));
  }

  private static TrainedPredictor ofRank(int rank, double cett) {
    return training(cett, 10)
        .trainRank(0, samples, SelectorInput.RESIDUAL, rank, LAYER.downT, COST);
  }

  @Test
  void reachesTheTargetNearTheTrueDensity() {
    TrainedPredictor trained = ofRank(24, 0.15);
    assertTrue(trained.report().cett() <= 0.15, trained.toString());
    assertTrue(trained.report().recall() > 0.7, trained.toString());
    assertTrue(
        trained.report().predictedShare() < 1.5 * trained.report().trueShare(), trained.toString());
    assertTrue(trained.worthwhile(), trained.toString());
  }

  @Test
  void theRankFoundReadsNoMoreThanItsNeighbours() {
    TrainedPredictor found =
        training(0.15, 10)
            .train(
                0,
                samples,
                SelectorInput.RESIDUAL,
                LAYER.profile(values, TOKENS),
                LAYER.downT,
                COST);
    assertTrue(found.report().cett() <= 0.15, found.toString());
    assertTrue(found.worthwhile(), found.toString());
    double wide = ofRank(96, 0.15).report().bytesPerToken();
    assertTrue(found.report().bytesPerToken() < wide, found + " against " + wide);
  }

  @Test
  void aStricterTargetKeepsMore() {
    TrainedPredictor loose = ofRank(16, 0.3);
    TrainedPredictor strict = ofRank(16, 0.05);
    assertTrue(strict.report().cett() <= 0.05, strict.toString());
    assertTrue(strict.report().predictedShare() > loose.report().predictedShare());
    assertTrue(strict.report().recall() > loose.report().recall());
    assertEquals(1, ofRank(16, 0).report().recall());
  }

  @Test
  void theSameSeedGivesTheSameBitsAtAnyNumberOfThreads() {
    PlantedLayer small = new PlantedLayer(32, 64, 4, -1, 5);
    NeuronSamples few = small.samples(small.forward(400), 400);
    long first = 0;
    for (int threads = 1; threads <= 3; threads++) {
      try (WorkerPool own = new WorkerPool(threads)) {
        TrainedPredictor trained =
            new LowRankTraining(own, new TrainingOptions(0.2, 2, 4e-3, TensorFormats.F32, 9))
                .trainRank(1, few, SelectorInput.NORMED, 8, small.downT, new BlockCost(128, 128));
        long bits = bits(trained.parameters());
        assertEquals(threads == 1 ? bits : first, bits, "at " + threads + " threads");
        first = bits;
      }
    }
  }

  private static long bits(LowRankParameters parameters) {
    long hash = Float.floatToIntBits(parameters.threshold());
    for (long i = 0; i < parameters.fc1().data().byteSize(); i++) {
      hash = hash * 31 + parameters.fc1().data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i);
    }
    for (long i = 0; i < parameters.fc2().data().byteSize(); i++) {
      hash = hash * 31 + parameters.fc2().data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i);
    }
    return hash;
  }

  @Test
  void tooFewSamplesAreRefused() {
    NeuronSamples few = samples.range(0, 10);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> training(0.2, 1).trainRank(3, few, SelectorInput.RESIDUAL, 8, LAYER.downT, COST));
    assertEquals("training: layer 3: expected at least 64 samples, got 10", e.getMessage());
  }

  @Test
  void sigmoidIsCloseEnough() {
    float[] x = {-20, -8, -3, -1, -0.1f, 0, 0.1f, 1, 3, 8, 20};
    float[] y = x.clone();
    Sigmoid.apply(y);
    for (int i = 0; i < x.length; i++) {
      assertEquals(1 / (1 + Math.exp(-x[i])), y[i], 4e-4, "at " + x[i]);
    }
  }
}
