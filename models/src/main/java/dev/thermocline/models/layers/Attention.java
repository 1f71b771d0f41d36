package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.Weights;
import dev.thermocline.models.ModelConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention with grouped queries and what the tensors of a layer add to it.
 *
 * @param headSize elements of a head's query and key
 * @param shape heads, scale and what they see
 * @param query {@code n_embd} to {@code heads * headSize}
 * @param key {@code n_embd} to {@code kvHeads * headSize}
 * @param value {@code n_embd} to {@code kvHeads * valueSize}
 * @param output {@code heads * valueSize} to {@code n_embd}
 * @param queryNorm of the queries, before they are turned
 * @param keyNorm of the keys, before they are turned
 * @param outputNorm of what the heads give, before the output projection (BitNet)
 * @param sinks a score for every head that brings no value (gpt-oss)
 */
public record Attention(
    Kernels kernels,
    int headSize,
    AttentionShape shape,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    @Nullable HeadNorm queryNorm,
    @Nullable HeadNorm keyNorm,
    @Nullable Norm outputNorm,
    @Nullable Weights sinks) {

  /** The attention of a layer, with the tensor names that all architectures share. */
  public static Attention load(LayerLoader loader, int layer) {
    ModelConfig c = loader.config();
    List<Linear> qkv = queryKeyValue(loader, c);
    return new Attention(
        loader.kernels(),
        c.headSize(),
        c.attentionShape(layer),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        loader.linear("attn_output", c.nEmbd(), c.attendedWidth()),
        loader.headNorm("attn_q_norm", c.nHead()),
        loader.headNorm("attn_k_norm", c.nKvHead()),
        loader.optionalNorm("attn_sub_norm", c.attendedWidth()),
        loader.optionalVector("attn_sinks", c.nHead()));
  }

  private static List<Linear> queryKeyValue(LayerLoader loader, ModelConfig c) {
    int width = c.nEmbd();
    if (loader.has("attn_qkv")) {
      return loader.fused("attn_qkv", width, c.queryWidth(), c.keyWidth(), c.valueWidth());
    }
    return List.of(
        loader.linear("attn_q", c.queryWidth(), width),
        loader.linear("attn_k", c.keyWidth(), width),
        loader.linear("attn_v", c.valueWidth(), width));
  }

  /**
   * The attention of every token of the batch, in {@link Workspace#projected}.
   *
   * @param rope prepared for the batch, or null where the layer does not turn its heads
   */
  public Activations forward(
      Activations normed, TokenBatch batch, KvCache cache, @Nullable Rope rope, Workspace ws) {
    int n = batch.size();
    query.forward(normed, n, ws.q());
    key.forward(normed, n, ws.k());
    value.forward(normed, n, ws.v());
    if (queryNorm != null) {
      queryNorm.forward(ws.q(), n);
    }
    if (keyNorm != null) {
      keyNorm.forward(ws.k(), n);
    }
    if (rope != null) {
      kernels.rope(ws.q(), n, headSize, rope);
      kernels.rope(ws.k(), n, headSize, rope);
    }
    kernels.append(ws.k(), ws.v(), batch, cache);
    kernels.attention(ws.q(), batch, cache, shape, sinks, ws.attended());
    if (outputNorm != null) {
      outputNorm.forward(ws.attended(), n, ws.attended());
    }
    output.forward(ws.attended(), n, ws.projected());
    return ws.projected();
  }
}
