package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.models.ScaleConfig;

/**
 * The end of a model in one backend: final norm, then the product that gives a logit for every
 * token of the vocabulary.
 */
public final class OutputHead implements AutoCloseable {
  private final LayerLoader weights;
  private final Norm norm;
  private final Linear output;

  /**
   * Joins the two; closing the head closes {@code weights}, from which they were loaded.
   *
   * @param output {@code n_embd} to {@code n_vocab}
   */
  public OutputHead(LayerLoader weights, Norm norm, Linear output) {
    this.weights = weights;
    this.norm = norm;
    this.output = output;
  }

  /**
   * Logits of the first {@code n} rows.
   *
   * @param hidden {@code [n][n_embd]}, the residual stream after the last block
   * @param normed {@code [n][n_embd]}, overwritten; may be {@code hidden} itself
   * @param logits {@code [n][n_vocab]}
   */
  public void forward(Activations hidden, int n, Activations normed, Activations logits) {
    normalize(hidden, n, normed);
    output.forward(normed, n, logits);
    ScaleConfig scales = weights.config().scales();
    if (scales.logits() != 1) {
      weights.kernels().scale(logits, n, scales.logits());
    }
    if (scales.logitCap() > 0) {
      weights.kernels().softCap(logits, n, scales.logitCap());
    }
  }

  /** The final norm alone, of which embeddings are made; shapes as in {@link #forward}. */
  public void normalize(Activations hidden, int n, Activations normed) {
    norm.forward(hidden, n, normed);
  }

  /** Bytes of the output matrix. */
  public long bytes() {
    return output.bytes();
  }

  @Override
  public void close() {
    weights.close();
  }
}
