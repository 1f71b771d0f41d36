package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import org.jspecify.annotations.Nullable;

/**
 * What decides the active set of one layer. It has two stages, both optional: {@link #select} names
 * candidates before any weight is read; {@link #cutoffs} then drop candidates once their gate (or,
 * ungated, their up) is known. Both go to a {@link dev.thermocline.kernels.NeuronBlock} as they
 * are.
 *
 * <p>Used by the thread that owns its {@link SelectorWorkspace}. Selecting allocates nothing.
 */
public sealed interface Selector extends AutoCloseable
    permits AllNeurons, GateFirst, LowRank, Energy, GateMagnitude, RandomNeurons {

  /** Short name for logs and reports, such as {@code low-rank}. */
  String name();

  /** Number of neurons of the layer, n_ff. */
  int neurons();

  /** What {@link #select} reads, so that nothing else need be brought to the host. */
  SelectorInput input();

  /**
   * Names the neurons that may be active, per token.
   *
   * @param residual the stream before the norm, {@code [n][n_embd]}
   * @param normed what the neurons read, {@code [n][n_embd]}
   * @param n number of tokens
   * @return one set of neurons per token, in memory of the workspace and valid until it is used
   *     again, or null for all neurons
   */
  RowSet @Nullable [] select(HostActivations residual, HostActivations normed, int n);

  /** Whether neurons at or below their cutoff are left out. */
  boolean skips();

  /**
   * For every neuron of the layer the magnitude of the activated gate (ungated: of the activated
   * up) at or below which it is left out; zeros leave out exact zeros only. Constant; not a copy.
   */
  float[] cutoffs();

  /** Bytes of its own weights that {@link #select} reads for one token. */
  long bytesPerToken();

  @Override
  void close();
}
