package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Intermediate values of a forward pass in the memory of one backend, shared by all blocks of that
 * backend and allocated once. Used by one thread at a time.
 */
public final class Workspace implements AutoCloseable {
  private final Kernels kernels;
  private final int maxTokens;
  private final int nFf;
  private final Activations normed;
  private final Activations q;
  private final Activations k;
  private final Activations v;
  private final Activations attended;
  private final Activations projected;
  private @Nullable Activations gate;
  private @Nullable Activations up;

  /** Allocates for batches of up to {@code maxTokens} tokens. */
  public Workspace(Kernels kernels, ModelConfig config, int maxTokens) {
    this.kernels = kernels;
    this.maxTokens = maxTokens;
    this.nFf = config.nFf();
    this.normed = kernels.activations(maxTokens, config.nEmbd());
    this.q = kernels.activations(maxTokens, config.queryWidth());
    this.k = kernels.activations(maxTokens, config.kvWidth());
    this.v = kernels.activations(maxTokens, config.kvWidth());
    this.attended = kernels.activations(maxTokens, config.queryWidth());
    this.projected = kernels.activations(maxTokens, config.nEmbd());
  }

  /** Most tokens of a batch. */
  public int maxTokens() {
    return maxTokens;
  }

  /** Output of a norm, {@code [tokens][n_embd]}. */
  public Activations normed() {
    return normed;
  }

  /** Queries, {@code [tokens][heads * headSize]}. */
  public Activations q() {
    return q;
  }

  /** Keys, {@code [tokens][kvHeads * headSize]}. */
  public Activations k() {
    return k;
  }

  /** Values, {@code [tokens][kvHeads * headSize]}. */
  public Activations v() {
    return v;
  }

  /** Output of the heads, {@code [tokens][heads * headSize]}. */
  public Activations attended() {
    return attended;
  }

  /** Output of a projection back to the stream, {@code [tokens][n_embd]}. */
  public Activations projected() {
    return projected;
  }

  /** {@code [tokens][n_ff]}, allocated when the first dense feed-forward asks for it. */
  Activations gate() {
    Activations existing = gate;
    if (existing == null) {
      existing = kernels.activations(maxTokens, nFf);
      gate = existing;
    }
    return existing;
  }

  /** {@code [tokens][n_ff]}, allocated when the first dense feed-forward asks for it. */
  Activations up() {
    Activations existing = up;
    if (existing == null) {
      existing = kernels.activations(maxTokens, nFf);
      up = existing;
    }
    return existing;
  }

  @Override
  public void close() {
    normed.close();
    q.close();
    k.close();
    v.close();
    attended.close();
    projected.close();
    if (gate != null) {
      gate.close();
    }
    if (up != null) {
      up.close();
    }
  }
}
