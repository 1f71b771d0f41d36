package dev.thermocline.predictor.training;

/**
 * The logistic function, to about 1e-4: a rational approximation of tanh without branches, which C2
 * turns into vector code. Good for gradients; an exponential per neuron and token would take as
 * long as the products.
 */
final class Sigmoid {
  private static final float LIMIT = 4.97f;

  private Sigmoid() {}

  /** Replaces every value by its sigmoid. */
  static void apply(float[] values) {
    for (int i = 0; i < values.length; i++) {
      // tanh(y) = y (135135 + 17325 y^2 + 378 y^4 + y^6) / (135135 + 62370 y^2 + 3150 y^4 + 28 y^6)
      float y = Math.min(Math.max(values[i] * 0.5f, -LIMIT), LIMIT);
      float q = y * y;
      float over = y * (135135f + q * (17325f + q * (378f + q)));
      float under = 135135f + q * (62370f + q * (3150f + q * 28f));
      values[i] = 0.5f + 0.5f * (over / under);
    }
  }
}
