package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * {@code x += attention(norm(x)) + feedForward(norm(x))}, both of the layer's input (Wang and
 * Komatsuzaki, GPT-J, 2021).
 *
 * @param weights closed with the block
 * @param feedForwardNorm null where both parts share a norm
 */
public record ParallelBlock(
    LayerLoader weights,
    Norm attentionNorm,
    Attention attention,
    @Nullable Norm feedForwardNorm,
    FeedForward feedForward)
    implements TransformerBlock {

  @Override
  public void forward(
      Activations hidden, TokenBatch batch, KvCache cache, @Nullable Rope rope, Workspace ws) {
    int n = batch.size();
    feedForward.prepare(hidden, n);
    attentionNorm.forward(hidden, n, ws.normed());
    Activations normed = ws.normed();
    if (feedForwardNorm != null) {
      normed = ws.branch();
      feedForwardNorm.forward(hidden, n, normed);
    }
    // First, as PowerInfer's predictors read the layer's input.
    feedForward.forward(hidden, normed, n, hidden);
    weights.kernels().add(hidden, attention.forward(ws.normed(), batch, cache, rope, ws), n);
  }

  @Override
  public void close() {
    weights.close();
  }
}
