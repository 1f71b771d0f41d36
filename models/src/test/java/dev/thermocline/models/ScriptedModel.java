package dev.thermocline.models;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model that says what it is told to, so that tests of what is around a model need no
 * knowledge in it. Its chat template looks for texts in the conversation and ends the prompt with a
 * control token for the first answer whose texts are all there; its weights know nothing but which
 * token comes after which: embeddings are unit vectors, attention and feed-forward add nothing, and
 * a row of the head is the unit vector of the token before.
 *
 * <pre>{@code
 * new ScriptedModel().answer("Berlin.", "capital", "Germany").answer("No idea.").write(folder);
 * }</pre>
 *
 * <p>A conversation is seen as {@code role: text} lines, calls as {@code <tool_call>name
 * {arguments}</tool_call>}, tools as {@code tool name}, thoughts between {@code <think>} and {@code
 * </think>}.
 */
public final class ScriptedModel {
  private static final int EOS = 2;
  private static final int HEAD = 8;
  private static final int FF = 32;
  private static final float LOGIT = 10;

  private static final String CONVERSATION =
      """
      {%- set seen = namespace(text='') -%}
      {%- for tool in tools or [] -%}
      {%- set seen.text = seen.text ~ 'tool ' ~ tool.function.name ~ '\\n' -%}
      {%- endfor -%}
      {%- for message in messages -%}
      {%- set seen.text = seen.text ~ message.role ~ ': ' ~ message.content ~ '\\n' -%}
      {%- if message.reasoning_content -%}
      {%- set seen.text = seen.text ~ '<think>' ~ message.reasoning_content ~ '</think>\\n' -%}
      {%- endif -%}
      {%- for call in message.tool_calls or [] -%}
      {%- set seen.text = seen.text ~ '<tool_call>' ~ call.function.name ~ ' '
          ~ (call.function.arguments | tojson) ~ '</tool_call>\\n' -%}
      {%- endfor -%}
      {%- endfor -%}
      {{- seen.text -}}
      """;

  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Integer> answers = new HashMap<>();
  private final StringBuilder choice = new StringBuilder();
  private int question;

  /** A token after another. */
  private record Step(int from, int to, float logit) {}

  /** A model that says nothing yet. */
  public ScriptedModel() {
    add("<unk>", 2);
    add("<s>", 3);
    add("</s>", 3);
    for (int value = 0; value < 256; value++) {
      add("<0x%02X>".formatted(value), 6);
    }
  }

  /**
   * An answer, a token for every word; one that is a token already is one with those after it.
   *
   * @param texts what the conversation must hold, without single quotes; earlier answers go first
   */
  public ScriptedModel answer(String answer, String... texts) {
    StringBuilder condition = new StringBuilder("true");
    for (String text : texts) {
      condition.append(" and '").append(text).append("' in seen.text");
    }
    boolean known = answers.containsKey(answer);
    question = answers.computeIfAbsent(answer, text -> add("<|answer " + answers.size() + "|>", 3));
    choice.append(choice.isEmpty() ? "{%- if " : "{%- elif ").append(condition);
    choice.append(" -%}").append(tokens.get(question)).append('\n');
    if (!known) {
      say(answer, LOGIT);
    }
    return this;
  }

  /** What the model says in place of the answer before, where that is not allowed. */
  public ScriptedModel orElse(String answer) {
    say(answer, LOGIT / 2);
    return this;
  }

  private void say(String answer, float logit) {
    int last = question;
    for (String piece : pieces(answer)) {
      int token = add(piece, 1);
      steps.add(new Step(last, token, last == question ? logit : LOGIT));
      last = token;
    }
    steps.add(new Step(last, EOS, LOGIT));
  }

  private List<String> pieces(String answer) {
    List<String> pieces = new ArrayList<>();
    String piece = "";
    for (String word : answer.replace(' ', '\u2581').split("(?=\u2581)", -1)) {
      piece += word;
      if (!tokens.contains(piece)) {
        pieces.add(piece);
        piece = "";
      }
    }
    while (!piece.isEmpty() && (tokens.contains(piece) || pieces.contains(piece))) {
      piece = pieces.removeLast() + piece;
    }
    if (!piece.isEmpty()) {
      pieces.add(piece);
    }
    return pieces;
  }

  private int add(String token, int type) {
    tokens.add(token);
    types.add(type);
    return tokens.size() - 1;
  }

  /** Writes the model into a folder. */
  public Path write(Path folder) throws IOException {
    while (tokens.size() % 32 != 0) {
      add("<|unused " + tokens.size() + "|>", 3);
    }
    GgufWriter out = new GgufWriter();
    out.put("general.architecture", "llama").put("general.name", "scripted");
    putSizes(out);
    putTokenizer(out);
    int size = tokens.size();
    float[][] successors = new float[size][size];
    steps.forEach(step -> successors[step.to][step.from] = step.logit);
    put(out, "token_embd", size, size, (row, col) -> row == col ? 1 : 0);
    put(out, "output", size, size, (row, col) -> successors[row][col]);
    put(out, "output_norm", 1, size, (row, col) -> 1);
    putLayer(out, size);
    Path file = folder.resolve("scripted.gguf");
    out.write(file);
    return file;
  }

  private void putSizes(GgufWriter out) {
    out.put("llama.block_count", 1)
        .put("llama.embedding_length", tokens.size())
        .put("llama.attention.head_count", 1)
        .put("llama.attention.head_count_kv", 1)
        .put("llama.attention.key_length", HEAD)
        .put("llama.attention.value_length", HEAD)
        .put("llama.feed_forward_length", FF)
        .put("llama.context_length", 2048)
        .put("llama.rope.dimension_count", HEAD)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
  }

  private void putTokenizer(GgufWriter out) {
    float[] scores = new float[tokens.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = -i;
    }
    out.put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", GgufValue.strings(tokens))
        .put("tokenizer.ggml.scores", GgufValue.floats(scores))
        .put(
            "tokenizer.ggml.token_type",
            GgufValue.ints(types.stream().mapToInt(Integer::intValue).toArray()))
        .put("tokenizer.ggml.bos_token_id", 1)
        .put("tokenizer.ggml.eos_token_id", EOS)
        .put("tokenizer.chat_template", CONVERSATION + choice + "{%- endif -%}");
  }

  private static void putLayer(GgufWriter out, int size) {
    put(out, "blk.0.attn_norm", 1, size, (row, col) -> 1);
    put(out, "blk.0.ffn_norm", 1, size, (row, col) -> 1);
    for (String inward : List.of("attn_q", "attn_k", "attn_v")) {
      put(out, "blk.0." + inward, HEAD, size, (row, col) -> 0);
    }
    put(out, "blk.0.attn_output", size, HEAD, (row, col) -> 0);
    put(out, "blk.0.ffn_gate", FF, size, (row, col) -> 0);
    put(out, "blk.0.ffn_up", FF, size, (row, col) -> 0);
    put(out, "blk.0.ffn_down", size, FF, (row, col) -> 0);
  }

  /** A weight's value. */
  @FunctionalInterface
  private interface Weight {
    float at(int row, int col);
  }

  private static void put(GgufWriter out, String name, int rows, int cols, Weight weight) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows * cols).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        bytes.putFloat(weight.at(row, col));
      }
    }
    out.tensor(
        name + ".weight",
        TensorFormats.F32,
        new Shape(rows, cols),
        channel -> channel.write(bytes.rewind().duplicate()));
  }
}
