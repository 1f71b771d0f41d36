package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.LayerProfile;
import dev.thermocline.predictor.profile.NeuronSamples;
import dev.thermocline.predictor.profile.NeuronValues;
import java.util.SplittableRandom;

/**
 * A ReLU layer whose gate has a low rank and a bias against firing, on normal inputs: what a
 * predictor should find, with the truth at hand. Neurons differ in how often they fire.
 */
public final class PlantedLayer {
  public final int width;
  public final int neurons;
  public final Tensor downT;
  public final float[] downNorms;
  private final int planted;
  private final float[] features;
  private final float[] mix;
  private final float[] bias;
  private final SplittableRandom random;

  public PlantedLayer(int width, int neurons, int planted, double bias, long seed) {
    this.width = width;
    this.neurons = neurons;
    this.planted = planted;
    this.random = new SplittableRandom(seed);
    this.features = gaussian(planted * width, 1 / Math.sqrt(width));
    this.mix = gaussian(neurons * planted, 1 / Math.sqrt(planted));
    this.bias = gaussian(neurons, 0.4);
    for (int i = 0; i < neurons; i++) {
      this.bias[i] += (float) bias;
    }
    this.downT = Floats.tensor("down_t", neurons, width, gaussian(neurons * width, 1));
    this.downNorms = Norms.rows(downT);
  }

  public float[] gaussian(int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** Runs {@code n} random tokens: residual, and hidden = relu(gate) without an up. */
  public NeuronValues forward(int n) {
    HostActivations x = new HostActivations(n, width);
    HostActivations hidden = new HostActivations(n, neurons);
    float[] z = new float[planted];
    for (int t = 0; t < n; t++) {
      // The first feature is constant, as a residual stream's mean is: it can carry a bias.
      System.arraycopy(gaussian(width, 1), 0, x.values(), x.offset(t), width);
      x.values()[x.offset(t)] = 1;
      for (int k = 0; k < planted; k++) {
        z[k] = dot(features, k * width, x.values(), x.offset(t), width);
      }
      for (int i = 0; i < neurons; i++) {
        float gate = dot(mix, i * planted, z, 0, planted) + bias[i];
        hidden.values()[hidden.offset(t) + i] = Math.max(0, gate);
      }
    }
    return new NeuronValues(x, x, null, hidden, hidden);
  }

  private static float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }

  public NeuronSamples samples(NeuronValues values, int n) {
    NeuronSamples samples = new NeuronSamples(n, width, neurons);
    for (int t = 0; t < n; t++) {
      samples.add(values.residual(), values, t, downNorms, 0);
    }
    return samples;
  }

  public LayerProfile profile(NeuronValues values, int n) {
    LayerProfile profile = new LayerProfile(neurons);
    profile.observe(values.hidden(), null, n, downNorms, 0);
    return profile;
  }
}
