package dev.thermocline.predictor.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.Energy;
import dev.thermocline.predictor.GateMagnitude;
import dev.thermocline.predictor.PlantedLayer;
import dev.thermocline.predictor.profile.LayerProfile;
import dev.thermocline.predictor.profile.NeuronSamples;
import dev.thermocline.predictor.profile.NeuronValues;
import org.junit.jupiter.api.Test;

class CettTest {
  private static final int TOKENS = 200;
  private static final int NEURONS = 160;

  private final PlantedLayer layer = new PlantedLayer(24, NEURONS, 12, 0, 6);

  /** A SiLU-gated layer, nothing exactly zero, ups of very different size from neuron to neuron. */
  private NeuronValues swiglu() {
    NeuronValues raw = layer.forward(TOKENS);
    HostActivations gate = new HostActivations(TOKENS, NEURONS);
    HostActivations up = new HostActivations(TOKENS, NEURONS);
    HostActivations hidden = new HostActivations(TOKENS, NEURONS);
    float[] scale = layer.gaussian(NEURONS, 1);
    float[] g = layer.gaussian(TOKENS * NEURONS, 1.5);
    float[] u = layer.gaussian(TOKENS * NEURONS, 1);
    for (int i = 0; i < g.length; i++) {
      gate.values()[i] = (float) (g[i] / (1 + Math.exp(-g[i])));
      up.values()[i] = (float) (u[i] * Math.exp(scale[i % NEURONS]));
      hidden.values()[i] = gate.values()[i] * up.values()[i];
    }
    return new NeuronValues(raw.residual(), raw.normed(), gate, up, hidden);
  }

  private LayerProfile profile(NeuronValues values) {
    LayerProfile profile = new LayerProfile(NEURONS);
    profile.observe(values.hidden(), values.up(), TOKENS, layer.downNorms, 0);
    return profile;
  }

  @Test
  void nothingSkippedIsZeroAndEverythingIsOne() {
    NeuronSamples samples = layer.samples(layer.forward(TOKENS), TOKENS);
    try (WorkerPool pool = new WorkerPool(2)) {
      Cett cett = new Cett(samples, layer.downT, pool);
      assertEquals(0, cett.mean((s, e) -> false));
      assertEquals(1, cett.mean((s, e) -> true), 1e-9);
      double half = cett.mean((s, e) -> e % 2 == 0);
      assertTrue(half > 0.3 && half < 1.5, "half " + half);
    }
    assertEquals(0.5, Cett.ratio(new float[] {0, 3}, new float[] {6, 0}), 1e-9);
    assertEquals(0, Cett.ratio(new float[2], new float[2]));
  }

  @Test
  void energyMeetsItsTargetWithFewerNeuronsThanGateMagnitude() {
    NeuronValues values = swiglu();
    NeuronSamples samples = layer.samples(values, TOKENS);
    float[] weights = profile(values).outputWeights(layer.downNorms, true);
    try (WorkerPool pool = new WorkerPool(1)) {
      Cett cett = new Cett(samples, layer.downT, pool);
      EnergyFit fit = EnergyFit.of(cett, samples, weights, 0.2);
      assertTrue(fit.cett() <= 0.2 && fit.cett() > 0.15, fit.toString());
      float[][] magnitudes = new float[samples.size()][];
      for (int s = 0; s < magnitudes.length; s++) {
        magnitudes[s] = samples.gates(s);
      }
      ScoreThreshold cats = ScoreThreshold.find(cett, magnitudes, 0.2);
      assertTrue(fit.keptShare() < 0.8 * cats.recall(), fit + " against " + cats);
      assertEquals(fit.keptShare(), kept(Energy.of(fit.threshold(), weights), samples), 1e-3);
      try (GateMagnitude baseline = new GateMagnitude(NEURONS, Math.nextDown(cats.threshold()))) {
        assertEquals(cats.recall(), kept(baseline, samples), 1e-3);
      }
      assertEquals(weights.length, fit.cutoffs("blk.0.energy.cutoffs", weights).cols());
    }
  }

  /** Share of neurons that a block would compute with a selector's cutoffs. */
  private static double kept(dev.thermocline.predictor.Selector selector, NeuronSamples samples) {
    long kept = 0;
    for (int s = 0; s < samples.size(); s++) {
      for (int e = 0; e < samples.active(s).length; e++) {
        kept += samples.gates(s)[e] <= selector.cutoffs()[samples.active(s)[e]] ? 0 : 1;
      }
    }
    return (double) kept / ((double) samples.size() * NEURONS);
  }

  @Test
  void aTargetOfZeroKeepsEveryActiveNeuron() {
    NeuronSamples samples = layer.samples(layer.forward(TOKENS), TOKENS);
    try (WorkerPool pool = new WorkerPool(1)) {
      Cett cett = new Cett(samples, layer.downT, pool);
      float[][] scores = new float[samples.size()][];
      for (int s = 0; s < scores.length; s++) {
        scores[s] = layer.gaussian(samples.active(s).length, 1);
      }
      assertEquals(1, ScoreThreshold.find(cett, scores, 0).recall());
      assertEquals(0, ScoreThreshold.find(cett, scores, 0).cett());
    }
  }

  @Test
  void noSamplesAreRefused() {
    try (WorkerPool pool = new WorkerPool(1)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Cett(new NeuronSamples(1, 24, NEURONS), layer.downT, pool));
      assertEquals("down_t: expected sampled tokens, got none", e.getMessage());
    }
  }
}
