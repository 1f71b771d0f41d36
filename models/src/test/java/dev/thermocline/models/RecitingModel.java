package dev.thermocline.models;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes models that say by heart what follows a token, as trained ones would after such a prompt:
 * a llama without attention whose output matrix knows each token's successor. Byte-level tokens,
 * control tokens, and whole phrases that only the script produces.
 */
public final class RecitingModel {
  private static final int WIDTH = 64;
  private static final int CONTEXT = 1024;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private final String template;
  private final List<String> texts = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final Map<Integer, Integer> successors = new LinkedHashMap<>();
  private final int end;

  /** A model with this chat template, whose {@code end} token ends a text. */
  public RecitingModel(String template, String end) {
    this.template = template;
    for (int b = 0; b < 256; b++) {
      texts.add(byteText(b));
      types.add(1);
    }
    control(end);
    this.end = texts.size() - 1;
  }

  /** Tokens that templates write and no message can. */
  public RecitingModel control(String... tokens) {
    return add(CONTROL, tokens);
  }

  /** Tokens of a text that readers see, as {@code <think>} is one of some models. */
  public RecitingModel visible(String... tokens) {
    return add(USER_DEFINED, tokens);
  }

  private RecitingModel add(int type, String... tokens) {
    for (String token : tokens) {
      texts.add(token);
      types.add(type);
    }
    return this;
  }

  /** Says these tokens one after the other once the first of them is there. */
  public RecitingModel says(String... chain) {
    for (int i = 0; i + 1 < chain.length; i++) {
      successors.put(token(chain[i]), token(chain[i + 1]));
    }
    return this;
  }

  private int token(String text) {
    int known = texts.indexOf(text);
    if (known >= 0) {
      return known;
    }
    StringBuilder spelled = new StringBuilder();
    for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      spelled.append(byteText(b & 0xff));
    }
    known = texts.indexOf(spelled.toString());
    if (known >= 0) {
      return known;
    }
    texts.add(spelled.toString());
    types.add(1);
    return texts.size() - 1;
  }

  /** How byte-level vocabularies write a byte. */
  private static String byteText(int b) {
    boolean plain = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
    if (plain) {
      return Character.toString(b);
    }
    int rank = b <= ' ' ? b : b <= 0xa0 ? b - 0x7f + 33 : 33 + 34;
    return Character.toString(256 + rank);
  }

  public Path write(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".gguf");
    token("\n\n");
    GgufWriter out = new GgufWriter();
    keys(out, name);
    out.put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", "gpt-2")
        .put("tokenizer.ggml.tokens", GgufValue.strings(texts))
        .put(
            "tokenizer.ggml.token_type",
            GgufValue.ints(types.stream().mapToInt(Integer::intValue).toArray()))
        .put(
            "tokenizer.ggml.merges",
            GgufValue.strings(List.of(texts.get('\n') + " " + texts.get('\n'))))
        .put("tokenizer.ggml.bos_token_id", end)
        .put("tokenizer.ggml.eos_token_id", end)
        .put("tokenizer.ggml.add_bos_token", false)
        .put("tokenizer.chat_template", template);
    weights(out);
    out.write(file);
    return file;
  }

  private void keys(GgufWriter out, String name) {
    out.put("general.architecture", "llama")
        .put("general.name", name)
        .put("llama.block_count", 1)
        .put("llama.embedding_length", WIDTH)
        .put("llama.attention.head_count", 2)
        .put("llama.feed_forward_length", 32)
        .put("llama.context_length", CONTEXT)
        .put("llama.rope.dimension_count", WIDTH / 2)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
  }

  private void weights(GgufWriter out) {
    int count = texts.size();
    float[] embedding = new float[count * WIDTH];
    Random random = new Random(5);
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = (float) random.nextGaussian();
    }
    float[] output = new float[count * WIDTH];
    successors.forEach((token, next) -> {
      for (int i = 0; i < WIDTH; i++) {
        output[next * WIDTH + i] += embedding[token * WIDTH + i];
      }
    });
    matrix(out, "token_embd", count, WIDTH, embedding);
    matrix(out, "output", count, WIDTH, output);
    ones(out, "output_norm");
    ones(out, "blk.0.attn_norm");
    ones(out, "blk.0.ffn_norm");
    for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      matrix(out, "blk.0." + name, WIDTH, WIDTH, new float[WIDTH * WIDTH]);
    }
    matrix(out, "blk.0.ffn_gate", 32, WIDTH, new float[32 * WIDTH]);
    matrix(out, "blk.0.ffn_up", 32, WIDTH, new float[32 * WIDTH]);
    matrix(out, "blk.0.ffn_down", WIDTH, 32, new float[32 * WIDTH]);
  }

  private static void ones(GgufWriter out, String name) {
    float[] values = new float[WIDTH];
    java.util.Arrays.fill(values, 1);
    matrix(out, name, 1, WIDTH, values);
  }

  private static void matrix(GgufWriter out, String name, int rows, int cols, float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    TensorFormats.F32.encode(values, 0, values.length, MemorySegment.ofArray(bytes), 0);
    out.tensor(
        name + ".weight",
        TensorFormats.F32,
        new Shape(rows, cols),
        channel -> channel.write(ByteBuffer.wrap(bytes)));
  }
}
