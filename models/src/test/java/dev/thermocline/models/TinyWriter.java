package dev.thermocline.models;

import dev.thermocline.models.gguf.GgmlType;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes the parts that tiny models are made of: sizes, a vocabulary, and tensors whose random
 * values depend on nothing but their names, so that a file is the same on every machine.
 */
final class TinyWriter {
  static final int EMBD = 32;
  static final int HEADS = 4;
  static final int KV_HEADS = 2;
  static final int HEAD = 8;
  static final int FF = 48;
  static final int VOCABULARY = 64;
  static final int CONTEXT = 64;

  private final GgufWriter out = new GgufWriter();
  private final String architecture;
  private final int layers;

  TinyWriter(String architecture, int layers) {
    this.architecture = architecture;
    this.layers = layers;
    out.put("general.architecture", architecture).put("general.name", "tiny");
    key("context_length", CONTEXT);
    key("embedding_length", EMBD);
    key("block_count", layers);
    key("feed_forward_length", FF);
    key("attention.head_count", HEADS);
    vocabulary();
  }

  GgufWriter writer() {
    return out;
  }

  TinyWriter key(String name, int value) {
    out.put(architecture + "." + name, value);
    return this;
  }

  TinyWriter key(String name, float value) {
    out.put(architecture + "." + name, value);
    return this;
  }

  TinyWriter key(String name, boolean value) {
    out.put(architecture + "." + name, value);
    return this;
  }

  TinyWriter key(String name, String value) {
    out.put(architecture + "." + name, value);
    return this;
  }

  private void vocabulary() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < VOCABULARY - 1; i++) {
      tokens.add(Character.toString('!' + i));
    }
    tokens.add("ab");
    int[] types = new int[VOCABULARY];
    java.util.Arrays.fill(types, 1);
    out.put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", "gpt-2")
        .put("tokenizer.ggml.tokens", GgufValue.strings(tokens))
        .put("tokenizer.ggml.token_type", GgufValue.ints(types))
        .put("tokenizer.ggml.merges", GgufValue.strings(List.of("a b")))
        .put("tokenizer.ggml.bos_token_id", 0)
        .put("tokenizer.ggml.eos_token_id", 0);
  }

  /** RMSNorm's key. */
  TinyWriter rms() {
    return key("attention.layer_norm_rms_epsilon", 1e-5f);
  }

  /** LayerNorm's key. */
  TinyWriter layerNorm() {
    return key("attention.layer_norm_epsilon", 1e-5f);
  }

  /** Grouped queries. */
  TinyWriter grouped() {
    return key("attention.head_count_kv", KV_HEADS);
  }

  /** Rotary positions of a part of the head. */
  TinyWriter rope(int dimensions, float base) {
    return key("rope.dimension_count", dimensions).key("rope.freq_base", base);
  }

  /** Embedding, output, if it is not tied, and final norm. */
  TinyWriter ends(boolean tied, boolean normBias) {
    matrix("token_embd", VOCABULARY, EMBD);
    if (!tied) {
      matrix("output", VOCABULARY, EMBD);
    }
    return norm("output_norm", EMBD, normBias);
  }

  /** Query, key, value and output of every layer. */
  TinyWriter attention(int headSize, boolean biases) {
    return attention(KV_HEADS, headSize, biases);
  }

  TinyWriter attention(int kvHeads, int headSize, boolean biases) {
    return eachLayer(p -> {
      linear(p + "attn_q", HEADS * headSize, EMBD, biases);
      linear(p + "attn_k", kvHeads * headSize, EMBD, biases);
      linear(p + "attn_v", kvHeads * headSize, EMBD, biases);
      linear(p + "attn_output", EMBD, HEADS * headSize, biases);
    });
  }

  /** Query, key and value of every layer in one matrix. */
  TinyWriter fused(int kvHeads, boolean biases) {
    return eachLayer(p -> {
      linear(p + "attn_qkv", (HEADS + 2 * kvHeads) * HEAD, EMBD, biases);
      linear(p + "attn_output", EMBD, HEADS * HEAD, biases);
    });
  }

  /** A norm of every layer. */
  TinyWriter norms(String name, boolean bias) {
    return norms(name, EMBD, bias);
  }

  TinyWriter norms(String name, int size, boolean bias) {
    return eachLayer(p -> norm(p + name, size, bias));
  }

  /** Norms of query and key of every layer, of a head or of all together. */
  TinyWriter headNorms(int querySize, int keySize) {
    return norms("attn_q_norm", querySize, false).norms("attn_k_norm", keySize, false);
  }

  /** Gate, up and down of every layer. */
  TinyWriter gated() {
    return eachLayer(p -> matrix(p + "ffn_gate", FF, EMBD)).ungated(false);
  }

  /** Up and down of every layer. */
  TinyWriter ungated(boolean biases) {
    return eachLayer(p -> {
      linear(p + "ffn_up", FF, EMBD, biases);
      linear(p + "ffn_down", EMBD, FF, biases);
    });
  }

  /** A router and experts in every layer. */
  TinyWriter experts(int count, int used, int nFf, boolean biases) {
    key("expert_count", count).key("expert_used_count", used);
    return eachLayer(p -> {
      linear(p + "ffn_gate_inp", count, EMBD, biases);
      cube(p + "ffn_gate_exps", count, nFf, EMBD);
      cube(p + "ffn_up_exps", count, nFf, EMBD);
      cube(p + "ffn_down_exps", count, EMBD, nFf);
      if (biases) {
        values(p + "ffn_gate_exps.bias", 0, 0.3, nFf, count);
        values(p + "ffn_up_exps.bias", 0, 0.3, nFf, count);
        values(p + "ffn_down_exps.bias", 0, 0.3, EMBD, count);
      }
    });
  }

  /** An expert of every token in every layer. */
  TinyWriter sharedExpert(int nFf, boolean gated) {
    return eachLayer(p -> {
      matrix(p + "ffn_gate_shexp", nFf, EMBD);
      matrix(p + "ffn_up_shexp", nFf, EMBD);
      matrix(p + "ffn_down_shexp", EMBD, nFf);
      if (gated) {
        values(p + "ffn_gate_inp_shexp.weight", 0, 0.3, EMBD);
      }
    });
  }

  /** A matrix of every layer. */
  TinyWriter eachLayerMatrix(String name, int rows, int cols) {
    return eachLayer(p -> matrix(p + name, rows, cols));
  }

  /** A vector of every layer. */
  TinyWriter eachLayerValues(String name, int size) {
    return eachLayer(p -> values(p + name, 0.5, 0.3, size));
  }

  /** Norms of query and key with weights of their own for every head. */
  TinyWriter headNormsOfEach() {
    return eachLayer(p -> {
      values(p + "attn_q_norm.weight", 1, 0.3, HEAD, HEADS);
      values(p + "attn_k_norm.weight", 1, 0.3, HEAD, KV_HEADS);
    });
  }

  /** Gate and up of every layer in one matrix. */
  TinyWriter fusedGate() {
    return eachLayer(p -> {
      matrix(p + "ffn_up", 2 * FF, EMBD);
      matrix(p + "ffn_down", EMBD, FF);
    });
  }

  TinyWriter eachLayer(java.util.function.Consumer<String> part) {
    for (int layer = 0; layer < layers; layer++) {
      part.accept("blk." + layer + ".");
    }
    return this;
  }

  TinyWriter linear(String name, int rows, int cols, boolean bias) {
    matrix(name, rows, cols);
    return bias ? values(name + ".bias", 0, 0.3, rows) : this;
  }

  TinyWriter norm(String name, int size, boolean bias) {
    values(name + ".weight", 1, 0.3, size);
    return bias ? values(name + ".bias", 0, 0.3, size) : this;
  }

  TinyWriter matrix(String name, int rows, int cols) {
    return values(name + ".weight", 0, 1.5 / Math.sqrt(cols), cols, rows);
  }

  private void cube(String name, int count, int rows, int cols) {
    values(name + ".weight", 0, 1.5 / Math.sqrt(cols), cols, rows, count);
  }

  /** A tensor of random values, its contiguous dimension first. */
  TinyWriter values(String name, double mean, double deviation, long... dimensions) {
    List<Long> sizes = java.util.Arrays.stream(dimensions).boxed().toList();
    int count = (int) sizes.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    MemorySegment data = Arena.ofAuto().allocate(4L * count, 4);
    for (int i = 0; i < count; i++) {
      // Of a uniform sum, as the standard library's Gaussian may differ between releases.
      double sum = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (mean + 2 * deviation * sum));
    }
    out.tensor(name, GgmlType.F32, sizes, channel -> channel.write(data.asByteBuffer()));
    return this;
  }
}
