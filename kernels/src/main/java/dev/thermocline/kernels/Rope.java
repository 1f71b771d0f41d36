package dev.thermocline.kernels;

/**
 * Rotary position embedding of one model: inverse frequencies, and the sines and cosines of the
 * batch at hand, computed once per forward pass and shared by all layers.
 */
public final class Rope {
  private final RopeStyle style;
  private final double[] inverseFrequencies;
  private final double magnitude;
  private final float[] cos;
  private final float[] sin;
  private long version;

  /**
   * Prepares for batches of up to {@code maxTokens} rows.
   *
   * @param inverseFrequencies angle per position of each pair; the rotated part of a head is twice
   *     as long, the rest of the head stays as it is
   */
  public Rope(RopeStyle style, double[] inverseFrequencies, int maxTokens) {
    this(style, inverseFrequencies, 1, maxTokens);
  }

  /**
   * As {@link #Rope(RopeStyle, double[], int)}, lengthening what it turns.
   *
   * @param magnitude factor of sines and cosines (Peng et al., YaRN, 2023)
   */
  public Rope(RopeStyle style, double[] inverseFrequencies, double magnitude, int maxTokens) {
    this.style = style;
    this.magnitude = magnitude;
    this.inverseFrequencies = inverseFrequencies.clone();
    this.cos = new float[maxTokens * inverseFrequencies.length];
    this.sin = new float[maxTokens * inverseFrequencies.length];
  }

  /**
   * Turns by the same angles per position without lengthening, for keys that are turned already.
   */
  public Rope again() {
    return new Rope(style, inverseFrequencies, 1);
  }

  /** Computes the angles of the batch's positions. */
  public void prepare(TokenBatch batch) {
    int pairs = inverseFrequencies.length;
    for (int i = 0; i < batch.size(); i++) {
      int position = batch.positions()[i];
      for (int p = 0; p < pairs; p++) {
        double angle = position * inverseFrequencies[p];
        cos[i * pairs + p] = (float) (magnitude * Math.cos(angle));
        sin[i * pairs + p] = (float) (magnitude * Math.sin(angle));
      }
    }
    version++;
  }

  public RopeStyle style() {
    return style;
  }

  /** Number of rotated pairs of a head. */
  public int pairs() {
    return inverseFrequencies.length;
  }

  /** Cosines {@code [tokens][pairs]} of the prepared batch; not a copy. */
  public float[] cos() {
    return cos;
  }

  /** Sines {@code [tokens][pairs]} of the prepared batch; not a copy. */
  public float[] sin() {
    return sin;
  }

  /** Grows with every {@link #prepare}, so that a device knows when its copy is stale. */
  public long version() {
    return version;
  }
}
