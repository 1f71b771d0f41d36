package dev.thermocline.predictor.training;

/** Adam with decoupled weight decay (Loshchilov and Hutter, 2019) over the rows of one matrix. */
final class Adam {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.98f;
  private static final float EPSILON = 1e-8f;
  private static final float DECAY = 0.01f;

  private final float[][] weights;
  private final float[][] means;
  private final float[][] squares;

  Adam(float[][] weights) {
    this.weights = weights;
    this.means = new float[weights.length][weights[0].length];
    this.squares = new float[weights.length][weights[0].length];
  }

  /**
   * Moves one row against its gradient.
   *
   * @param step from 1
   */
  void update(int row, float[] gradient, float rate, int step) {
    float mean = (float) (1 / (1 - Math.pow(BETA_1, step)));
    float square = (float) (1 / (1 - Math.pow(BETA_2, step)));
    move(weights[row], means[row], squares[row], gradient, rate, mean, square);
  }

  private static void move(
      float[] w, float[] m, float[] v, float[] g, float rate, float mean, float square) {
    for (int j = 0; j < w.length; j++) {
      m[j] = BETA_1 * m[j] + (1 - BETA_1) * g[j];
      v[j] = BETA_2 * v[j] + (1 - BETA_2) * g[j] * g[j];
      float direction = m[j] * mean / ((float) Math.sqrt(v[j] * square) + EPSILON);
      w[j] -= rate * (direction + DECAY * w[j]);
    }
  }
}
