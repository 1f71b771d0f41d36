package dev.thermocline.server.openai;

import dev.thermocline.engine.SamplingParams;
import dev.thermocline.server.http.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How tokens are drawn: OpenAI's parameters, and those that local engines have beside them. */
final class SamplingReader {
  static final float TEMPERATURE = 0.8f;
  static final int TOP_K = 40;
  static final float TOP_P = 0.95f;
  private static final int PENALTY_WINDOW = 64;
  private static final int MOST_STOPS = 16;
  private static final int LONGEST_STOP = 1000;

  private SamplingReader() {}

  /**
   * Reads the parameters of a request.
   *
   * @param vocabulary tokens there are
   */
  static SamplingParams read(Parameters parameters, int vocabulary) {
    return SamplingParams.builder()
        .temperature((float) parameters.number("temperature", 0, 2).orElse(TEMPERATURE))
        .topP((float) parameters.number("top_p", 0, 1).orElse(TOP_P))
        .topK((int) Math.max(0, parameters.integer("top_k", -1, Integer.MAX_VALUE).orElse(TOP_K)))
        .minP((float) parameters.number("min_p", 0, 1).orElse(0))
        .repetitionPenalty((float) repetition(parameters))
        .penaltyWindow(PENALTY_WINDOW)
        .frequencyPenalty((float) parameters.number("frequency_penalty", -2, 2).orElse(0))
        .presencePenalty((float) parameters.number("presence_penalty", -2, 2).orElse(0))
        .seed(seed(parameters))
        .stop(stops(parameters))
        .logitBias(bias(parameters, vocabulary))
        .build();
  }

  /** Known by two names: llama.cpp's and vLLM's. */
  private static double repetition(Parameters parameters) {
    double penalty = parameters.number("repeat_penalty", 0.01, 100).orElse(1);
    return parameters.number("repetition_penalty", 0.01, 100).orElse(penalty);
  }

  private static long seed(Parameters parameters) {
    return parameters
        .integer("seed", Long.MIN_VALUE, Long.MAX_VALUE)
        .orElseGet(() -> ThreadLocalRandom.current().nextLong());
  }

  private static List<String> stops(Parameters parameters) {
    JsonNode value = parameters.node("stop");
    if (value == null) {
      return List.of();
    }
    List<String> stops = new ArrayList<>();
    if (value.isString()) {
      stops.add(value.stringValue());
    } else {
      parameters.elements("stop").forEach(element -> stops.add(text(element)));
    }
    if (stops.size() > MOST_STOPS) {
      throw parameters.wrong("stop", "at most " + MOST_STOPS + " strings");
    }
    for (String stop : stops) {
      if (stop.isEmpty() || stop.length() > LONGEST_STOP) {
        throw parameters.wrong("stop", "strings of 1 to " + LONGEST_STOP + " characters");
      }
    }
    return stops;
  }

  private static String text(Parameters.Element element) {
    if (!element.value().isString()) {
      throw Parameters.wrong(element.path(), "a string", element.value());
    }
    return element.value().stringValue();
  }

  private static Map<Integer, Float> bias(Parameters parameters, int vocabulary) {
    JsonNode value = parameters.node("logit_bias");
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof ObjectNode object)) {
      throw parameters.wrong("logit_bias", "an object of token ids and numbers");
    }
    Map<Integer, Float> bias = new HashMap<>();
    object.forEachEntry((key, number) -> {
      double amount = number.isNumber() ? number.asDouble() : Double.NaN;
      if (!(amount >= -100 && amount <= 100)) {
        throw Parameters.wrong("logit_bias." + key, "a number from -100 to 100", number);
      }
      bias.put(token(key, vocabulary), (float) amount);
    });
    return bias;
  }

  private static int token(String key, int vocabulary) {
    int token = key.matches("[0-9]{1,9}") ? Integer.parseInt(key) : -1;
    if (token < 0 || token >= vocabulary) {
      throw ApiException.invalid(
          "logit_bias",
          "logit_bias: expected token ids from 0 to " + (vocabulary - 1) + ", got " + key);
    }
    return token;
  }
}
