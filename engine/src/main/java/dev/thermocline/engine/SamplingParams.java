package dev.thermocline.engine;

import java.util.List;
import java.util.Map;

/**
 * How the next token is drawn. Filters apply in this order: logit bias, repetition penalty, top-k,
 * temperature, top-p, min-p.
 *
 * @param temperature 0 takes the most likely token; larger values flatten the distribution
 * @param topK how many of the most likely tokens are kept, 0 for all
 * @param topP the smallest set of tokens with at least this probability is kept, 1 for all
 * @param minP tokens with less than this share of the best one's probability are dropped, 0 for
 *     none
 * @param repetitionPenalty logits of recent tokens are divided (if positive) or multiplied by this,
 *     1 for none (Keskar et al., CTRL, 2019)
 * @param penaltyWindow how many recent tokens the penalty looks at
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
    stop = List.copyOf(stop);
    logitBias = Map.copyOf(logitBias);
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
    return new SamplingParams(0, 0, 1, 0, 1, 0, 0, List.of(), Map.of());
  }

  /** Sensible for prose: temperature 0.8, top-k 40, top-p 0.95, a light repetition penalty. */
  public static SamplingParams defaults(long seed) {
    return new SamplingParams(0.8f, 40, 0.95f, 0, 1.1f, 64, seed, List.of(), Map.of());
  }
}
