package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a transformer in one backend: attention and feed-forward, each added to the residual
 * stream. Closing it frees the weights that it loaded itself, not the {@link FeedForward} it was
 * given.
 */
public interface TransformerBlock extends AutoCloseable {

  /**
   * Advances the residual stream by this layer and stores the batch's keys and values.
   *
   * @param hidden residual stream {@code [batch.size()][n_embd]}, changed in place
   * @param cache this layer's keys and values
   * @param rope prepared for the batch, or null where this layer does not turn its heads
   * @param workspace of the block's backend, for at least as many tokens
   */
  void forward(
      Activations hidden,
      TokenBatch batch,
      KvCache cache,
      @Nullable Rope rope,
      Workspace workspace);

  @Override
  void close();
}
