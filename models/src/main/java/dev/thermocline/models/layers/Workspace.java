package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Intermediate values of a forward pass in the memory of one backend, shared by all blocks of that
 * backend and allocated once. Used by one thread at a time.
 */
public final class Workspace implements AutoCloseable {
  private final Kernels kernels;
  private final int maxTokens;
  private final int nEmbd;
  private final Activations normed;
  private final Activations q;
  private final Activations k;
  private final Activations v;
  private final Activations attended;
  private final Activations projected;
  private @Nullable Activations branch;
  private final List<Activations> gates = new ArrayList<>();
  private final List<Activations> ups = new ArrayList<>();

  /** Allocates for batches of up to {@code maxTokens} tokens. */
  public Workspace(Kernels kernels, ModelConfig config, int maxTokens) {
    this.kernels = kernels;
    this.maxTokens = maxTokens;
    this.nEmbd = config.nEmbd();
    this.normed = kernels.activations(maxTokens, nEmbd);
    this.q = kernels.activations(maxTokens, config.queryWidth());
    this.k = kernels.activations(maxTokens, config.keyWidth());
    this.v = kernels.activations(maxTokens, config.valueWidth());
    this.attended = kernels.activations(maxTokens, config.attendedWidth());
    this.projected = kernels.activations(maxTokens, nEmbd);
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

  /** Values, {@code [tokens][kvHeads * valueSize]}. */
  public Activations v() {
    return v;
  }

  /** Output of the heads, {@code [tokens][heads * valueSize]}. */
  public Activations attended() {
    return attended;
  }

  /** Output of a projection back to the stream, {@code [tokens][n_embd]}. */
  public Activations projected() {
    return projected;
  }

  /**
   * A part of a block that is not added to the stream at once, {@code [tokens][n_embd]}, allocated
   * when the first block asks for it.
   */
  public Activations branch() {
    Activations existing = branch;
    if (existing == null) {
      existing = kernels.activations(maxTokens, nEmbd);
      branch = existing;
    }
    return existing;
  }

  /** {@code [tokens][neurons]}, allocated when the first dense feed-forward asks for it. */
  Activations gate(int neurons) {
    return ofWidth(gates, neurons);
  }

  /** {@code [tokens][neurons]}, allocated when the first dense feed-forward asks for it. */
  Activations up(int neurons) {
    return ofWidth(ups, neurons);
  }

  private Activations ofWidth(List<Activations> known, int neurons) {
    for (Activations one : known) {
      if (one.cols() == neurons) {
        return one;
      }
    }
    Activations added = kernels.activations(maxTokens, neurons);
    known.add(added);
    return added;
  }

  @Override
  public void close() {
    normed.close();
    q.close();
    k.close();
    v.close();
    attended.close();
    projected.close();
    if (branch != null) {
      branch.close();
    }
    gates.forEach(Activations::close);
    ups.forEach(Activations::close);
  }
}
