package dev.thermocline.cli;

import dev.thermocline.engine.SamplingParams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how tokens are drawn. */
final class SamplingFlags {
  private static final int PENALTY_WINDOW = 64;

  @Option(
      names = "--temp",
      paramLabel = "T",
      description = "Temperature; 0 takes the most likely token (${DEFAULT-VALUE}).")
  private float temperature = 0.8f;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keeps the K most likely tokens, 0 for all (${DEFAULT-VALUE}).")
  private int topK = 40;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keeps the smallest set with this probability (${DEFAULT-VALUE}).")
  private float topP = 0.95f;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Drops tokens below this share of the best (${DEFAULT-VALUE}).")
  private float minP = 0f;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      description = "Penalty of recent tokens, 1 for none; 1 with --temp 0, else 1.1.")
  private @Nullable Float penalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "F",
      description = "Taken off a token for every time it was drawn, -2 to 2 (${DEFAULT-VALUE}).")
  private float frequencyPenalty = 0f;

  @Option(
      names = "--presence-penalty",
      paramLabel = "F",
      description = "Taken off every token that was drawn, -2 to 2 (${DEFAULT-VALUE}).")
  private float presencePenalty = 0f;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed; the same seed gives the same text. A new one each time if left out.")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends before this text; may be repeated.")
  private List<String> stop = new ArrayList<>();

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=B",
      description = "Adds B to the logit of a token; may be repeated.")
  private Map<Integer, Float> bias = new HashMap<>();

  /**
   * The flags together.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  SamplingParams params() {
    float repetition = penalty != null ? penalty : temperature == 0 ? 1f : 1.1f;
    long chosen = seed != null ? seed : System.nanoTime();
    return SamplingParams.builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetition)
        .penaltyWindow(PENALTY_WINDOW)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .seed(chosen)
        .stop(stop)
        .logitBias(bias)
        .build();
  }
}
