package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * {@code x += s * post(attention(norm(x)))}, then {@code x += s * post(feedForward(norm(x)))}; the
 * norms that are null are left out. As in the first transformers (Vaswani et al., 2017), with the
 * norms before or after each part.
 *
 * @param weights closed with the block
 * @param residualScale the factor s
 */
public record SequentialBlock(
    LayerLoader weights,
    @Nullable Norm attentionNorm,
    Attention attention,
    @Nullable Norm attentionPostNorm,
    @Nullable Norm feedForwardNorm,
    FeedForward feedForward,
    @Nullable Norm feedForwardPostNorm,
    float residualScale)
    implements TransformerBlock {

  /** The usual block: a norm before each part, none after. */
  public static SequentialBlock load(LayerLoader loader, int layer, FeedForward feedForward) {
    return new SequentialBlock(
        loader,
        loader.norm("attn_norm"),
        Attention.load(loader, layer),
        null,
        loader.norm("ffn_norm"),
        feedForward,
        null,
        loader.config().scales().residual());
  }

  @Override
  public void forward(
      Activations hidden, TokenBatch batch, KvCache cache, @Nullable Rope rope, Workspace ws) {
    int n = batch.size();
    feedForward.prepare(hidden, n);
    Activations attended =
        attention.forward(normed(attentionNorm, hidden, n, ws), batch, cache, rope, ws);
    add(hidden, attentionPostNorm, attended, n);
    Activations normed = normed(feedForwardNorm, hidden, n, ws);
    if (feedForwardPostNorm == null && residualScale == 1) {
      feedForward.forward(hidden, normed, n, hidden);
      return;
    }
    kernels().clear(ws.branch(), n);
    feedForward.forward(hidden, normed, n, ws.branch());
    add(hidden, feedForwardPostNorm, ws.branch(), n);
  }

  private static Activations normed(@Nullable Norm norm, Activations x, int n, Workspace ws) {
    if (norm == null) {
      return x;
    }
    norm.forward(x, n, ws.normed());
    return ws.normed();
  }

  private void add(Activations hidden, @Nullable Norm postNorm, Activations branch, int n) {
    if (postNorm != null) {
      postNorm.forward(branch, n, branch);
    }
    if (residualScale != 1) {
      kernels().scale(branch, n, residualScale);
    }
    kernels().add(hidden, branch, n);
  }

  private Kernels kernels() {
    return weights.kernels();
  }

  @Override
  public void close() {
    weights.close();
  }
}
