package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.ModelConfig;

/**
 * Causal self-attention with grouped queries and rotary positions.
 *
 * @param config for head counts and sizes
 * @param query {@code n_embd} to {@code heads * headSize}
 * @param key {@code n_embd} to {@code kvHeads * headSize}
 * @param value {@code n_embd} to {@code kvHeads * headSize}
 * @param output {@code heads * headSize} to {@code n_embd}
 */
public record Attention(
    Kernels kernels, ModelConfig config, Linear query, Linear key, Linear value, Linear output) {

  /** The attention of a layer, with the tensor names that most architectures share. */
  public static Attention load(LayerLoader layer, ModelConfig config) {
    int width = config.nEmbd();
    return new Attention(
        layer.kernels(),
        config,
        layer.linear("attn_q", config.queryWidth(), width),
        layer.linear("attn_k", config.kvWidth(), width),
        layer.linear("attn_v", config.kvWidth(), width),
        layer.linear("attn_output", width, config.queryWidth()));
  }

  /** {@code hidden[t] += attention(normed)[t]} for every token of the batch. */
  public void forward(
      Activations normed,
      TokenBatch batch,
      KvCache cache,
      Rope rope,
      Workspace ws,
      Activations hidden) {
    int n = batch.size();
    query.forward(normed, n, ws.q());
    key.forward(normed, n, ws.k());
    value.forward(normed, n, ws.v());
    kernels.rope(ws.q(), n, config.headSize(), rope);
    kernels.rope(ws.k(), n, config.headSize(), rope);
    kernels.append(ws.k(), ws.v(), batch, cache);
    kernels.attention(
        ws.q(),
        batch,
        cache,
        dev.thermocline.kernels.AttentionShape.of(config.nHead(), config.attentionScale()),
        null,
        ws.attended());
    output.forward(ws.attended(), n, ws.projected());
    kernels.add(hidden, ws.projected(), n);
  }
}
