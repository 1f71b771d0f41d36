package dev.thermocline.server.openai;

import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A text that came as a string or as tokens. */
final class TextInput {
  private static final int MOST = 2048;

  private final @Nullable String text;
  private final int[] tokens;

  private TextInput(@Nullable String text, int[] tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /** Reads a string, an array of strings, an array of tokens or an array of those. */
  static List<TextInput> read(Parameters parameters, String name, ServedModel model) {
    JsonNode value = parameters.node(name);
    if (value == null) {
      throw parameters.wrong(name, "a string, tokens or an array of those");
    }
    if (value.isString()) {
      return List.of(ofText(value.stringValue(), model));
    }
    if (!value.isArray() || value.isEmpty() || value.size() > MOST && !value.get(0).isNumber()) {
      throw parameters.wrong(name, "a string, tokens or an array of 1 to " + MOST + " of those");
    }
    if (value.get(0).isNumber()) {
      return List.of(new TextInput(null, tokens(parameters.path(name), value, model)));
    }
    List<TextInput> inputs = new ArrayList<>();
    for (Parameters.Element element : parameters.elements(name)) {
      inputs.add(element(element, model));
    }
    return inputs;
  }

  private static TextInput element(Parameters.Element element, ServedModel model) {
    if (element.value().isString()) {
      return ofText(element.value().stringValue(), model);
    }
    if (element.value().isArray()) {
      return new TextInput(null, tokens(element.path(), element.value(), model));
    }
    throw Parameters.wrong(element.path(), "a string or an array of tokens", element.value());
  }

  private static TextInput ofText(String text, ServedModel model) {
    return new TextInput(text, model.tokenizer().encode(text, false, true));
  }

  /** An array of token ids. */
  static int[] tokens(String path, JsonNode array, ServedModel model) {
    int[] tokens = new int[array.size()];
    int vocabulary = model.model().config().nVocab();
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (int) Parameters.integer(path + "[" + i + "]", array.get(i), 0, vocabulary - 1);
    }
    return tokens;
  }

  /** Whether it is a string without characters or an array without tokens. */
  boolean isEmpty() {
    return text == null ? tokens.length == 0 : text.isEmpty();
  }

  int[] tokens() {
    return tokens.clone();
  }

  /** The first token that is part of the text: not one that begins all texts of a model. */
  int spelledFrom(ServedModel model) {
    boolean begun =
        text != null
            && tokens.length > 1
            && tokens.length > model.tokenizer().encode(text, false, false).length;
    return begun ? 1 : 0;
  }

  /** The text; of tokens, what they stand for. */
  String text(ServedModel model) {
    return text != null ? text : model.tokenizer().decode(tokens, false);
  }
}
