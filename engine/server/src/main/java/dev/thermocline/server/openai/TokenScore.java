package dev.thermocline.server.openai;

import dev.thermocline.engine.Generation;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log-probability of a token that was drawn and of those most likely in its place.
 *
 * @param bytes of its text
 */
record TokenScore(int token, float logprob, List<Alternative> top, List<Byte> bytes) {

  /** A token that could have been drawn. */
  record Alternative(float logprob, List<Byte> bytes) {}

  TokenScore {
    top = List.copyOf(top);
    bytes = List.copyOf(bytes);
  }

  /** The score of token {@code index} of a generation that keeps them. */
  static TokenScore of(Tokenizer tokenizer, Generation generation, int index, int token) {
    List<Alternative> top = new ArrayList<>();
    for (int rank = 0; rank < generation.topLogprobs(); rank++) {
      int other = generation.topToken(index, rank);
      if (other >= 0) {
        top.add(new Alternative(generation.topLogprob(index, rank), bytes(tokenizer, other)));
      }
    }
    return new TokenScore(token, generation.logprob(index), top, bytes(tokenizer, token));
  }

  /**
   * The first token of a text, before which there is nothing to judge it by.
   *
   * @param text that it begins, perhaps without a space that the token has
   */
  static TokenScore unknown(Tokenizer tokenizer, int token, String text) {
    List<Byte> bytes = bytes(tokenizer, token);
    boolean added = !bytes.isEmpty() && bytes.getFirst() == ' ' && !text.startsWith(" ");
    return new TokenScore(
        token, Float.NaN, List.of(), added ? bytes.subList(1, bytes.size()) : bytes);
  }

  /** Whether nothing is known of its probability. */
  boolean isUnknown() {
    return Float.isNaN(logprob);
  }

  /** The bytes of a token's text. */
  static List<Byte> bytes(Tokenizer tokenizer, int token) {
    return boxed(tokenizer.piece(token, true));
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }

  /** The token's text; where it is no whole character, replacement characters. */
  String text() {
    return text(bytes);
  }

  static String text(List<Byte> bytes) {
    byte[] array = new byte[bytes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get(i);
    }
    return new String(array, StandardCharsets.UTF_8);
  }

  /** As chat completions show it. */
  ObjectNode toJson() {
    ObjectNode node = entry(logprob, bytes);
    ArrayNode alternatives = node.putArray("top_logprobs");
    top.forEach(other -> alternatives.add(entry(other.logprob(), other.bytes())));
    return node;
  }

  private static ObjectNode entry(float logprob, List<Byte> bytes) {
    ObjectNode node = dev.thermocline.server.http.Json.object();
    node.put("token", text(bytes));
    node.put("logprob", finite(logprob));
    ArrayNode numbers = node.putArray("bytes");
    bytes.forEach(b -> numbers.add(b & 0xff));
    return node;
  }

  /** JSON has no infinity; OpenAI shows this for what cannot happen. */
  static double finite(float logprob) {
    return Float.isFinite(logprob) ? logprob : -9999.0;
  }
}
