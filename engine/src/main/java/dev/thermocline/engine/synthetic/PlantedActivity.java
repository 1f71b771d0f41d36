package dev.thermocline.engine.synthetic;

import java.util.SplittableRandom;

/** Biases that make a neuron's gate positive with a chosen probability. */
final class PlantedActivity {
  /** Exponent of the power law: a fifth of the neurons then have about half of the activations. */
  private static final double EXPONENT = 0.6;

  private PlantedActivity() {}

  /**
   * Biases of one layer.
   *
   * @param density mean probability
   * @param spread standard deviation of the pre-activations without bias
   */
  static float[] biases(int neurons, double density, double spread, int seed) {
    double[] probabilities = probabilities(neurons, density);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = neurons - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swapped = probabilities[i];
      probabilities[i] = probabilities[j];
      probabilities[j] = swapped;
    }
    float[] biases = new float[neurons];
    for (int i = 0; i < neurons; i++) {
      biases[i] = (float) (spread * quantile(probabilities[i]));
    }
    return biases;
  }

  /** Proportional to rank^-exponent, capped at 0.95, scaled to the wanted mean. */
  private static double[] probabilities(int neurons, double density) {
    double low = 0;
    double high = neurons;
    double[] values = new double[neurons];
    for (int step = 0; step < 60; step++) {
      double scale = (low + high) / 2;
      double sum = 0;
      for (int i = 0; i < neurons; i++) {
        values[i] = Math.min(0.95, scale * Math.pow(i + 1, -EXPONENT));
        sum += values[i];
      }
      if (sum > density * neurons) {
        high = scale;
      } else {
        low = scale;
      }
    }
    return values;
  }

  /** Inverse of the standard normal distribution function, by bisection of a series. */
  private static double quantile(double p) {
    double low = -8;
    double high = 8;
    for (int step = 0; step < 60; step++) {
      double middle = (low + high) / 2;
      if (normal(middle) < p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Standard normal distribution function (Marsaglia's series, 2004). */
  private static double normal(double x) {
    double sum = x;
    double term = x;
    for (int i = 3; sum + term != sum; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
