package dev.thermocline.engine;

import java.util.List;
import java.util.Map;

/**
 * How the next token is drawn. Filters apply in this order: logit bias, repetition penalty,
 * frequency and presence penalty, top-k, temperature, top-p, min-p. What a constraint forbids is
 * out before all of them.
 *
 * <pre>{@code
 * SamplingParams.defaults(1).toBuilder().temperature(0.2f).stop(List.of("\n")).build()
 * }</pre>
 *
 * @param temperature 0 takes the most likely token; larger values flatten the distribution
 * @param topK how many of the most likely tokens are kept, 0 for all
 * @param topP the smallest set of tokens with at least this probability is kept, 1 for all
 * @param minP tokens with less than this share of the best one's probability are dropped, 0 for
 *     none
 * @param repetitionPenalty logits of recent tokens are divided (if positive) or multiplied by this,
 *     1 for none (Keskar et al., CTRL, 2019)
 * @param penaltyWindow how many recent tokens the repetition penalty looks at
 * @param frequencyPenalty taken off a token's logit for every time it was drawn in this text, -2 to
 *     2, 0 for none (OpenAI's {@code frequency_penalty}: the prompt does not count)
 * @param presencePenalty taken off the logit of every token that was drawn in this text, -2 to 2, 0
 *     for none (OpenAI's {@code presence_penalty})
 * @param seed of the generator; the same seed gives the same text
 * @param stop generation ends before any of these strings
 * @param logitBias added to the logits of single tokens
 */
public record SamplingParams(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    int penaltyWindow,
    float frequencyPenalty,
    float presencePenalty,
    long seed,
    List<String> stop,
    Map<Integer, Float> logitBias) {

  public SamplingParams {
    check("temperature", temperature, 0, 100);
    check("top-k", topK, 0, Integer.MAX_VALUE);
    check("top-p", topP, 0, 1);
    check("min-p", minP, 0, 1);
    check("repetition penalty", repetitionPenalty, 0.01, 100);
    check("penalty window", penaltyWindow, 0, Integer.MAX_VALUE);
    check("frequency penalty", frequencyPenalty, -2, 2);
    check("presence penalty", presencePenalty, -2, 2);
    stop = List.copyOf(stop);
    logitBias = Map.copyOf(logitBias);
    for (Map.Entry<Integer, Float> bias : logitBias.entrySet()) {
      if (!(bias.getValue() < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "logit bias of token "
                + bias.getKey()
                + ": expected a finite number or -Infinity, got "
                + bias.getValue());
      }
    }
    if (stop.contains("")) {
      throw new IllegalArgumentException("stop: expected non-empty strings, got an empty one");
    }
  }

  private static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + most + ", got " + value);
    }
  }

  /** Always the most likely token. */
  public static SamplingParams greedy() {
    return new Builder().build();
  }

  /** Sensible for prose: temperature 0.8, top-k 40, top-p 0.95, a light repetition penalty. */
  public static SamplingParams defaults(long seed) {
    return new Builder()
        .temperature(0.8f)
        .topK(40)
        .topP(0.95f)
        .repetitionPenalty(1.1f)
        .penaltyWindow(64)
        .seed(seed)
        .build();
  }

  /** Starts from {@link #greedy}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these. */
  public Builder toBuilder() {
    return new Builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .penaltyWindow(penaltyWindow)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .seed(seed)
        .stop(stop)
        .logitBias(logitBias);
  }

  /** Parameters in the making, checked by {@link #build}. */
  public static final class Builder {
    private float temperature;
    private int topK;
    private float topP = 1;
    private float minP;
    private float repetitionPenalty = 1;
    private int penaltyWindow;
    private float frequencyPenalty;
    private float presencePenalty;
    private long seed;
    private List<String> stop = List.of();
    private Map<Integer, Float> logitBias = Map.of();

    private Builder() {}

    public Builder temperature(float value) {
      temperature = value;
      return this;
    }

    public Builder topK(int value) {
      topK = value;
      return this;
    }

    public Builder topP(float value) {
      topP = value;
      return this;
    }

    public Builder minP(float value) {
      minP = value;
      return this;
    }

    public Builder repetitionPenalty(float value) {
      repetitionPenalty = value;
      return this;
    }

    public Builder penaltyWindow(int value) {
      penaltyWindow = value;
      return this;
    }

    public Builder frequencyPenalty(float value) {
      frequencyPenalty = value;
      return this;
    }

    public Builder presencePenalty(float value) {
      presencePenalty = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder stop(List<String> value) {
      stop = value;
      return this;
    }

    public Builder logitBias(Map<Integer, Float> value) {
      logitBias = value;
      return this;
    }

    /**
     * The parameters.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public SamplingParams build() {
      return new SamplingParams(
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          penaltyWindow,
          frequencyPenalty,
          presencePenalty,
          seed,
          stop,
          logitBias);
    }
  }
}
