package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Text that a model writes itself, sampled from its own distribution, so that anybody can calibrate
 * at once and without a licence question.
 */
public final class OwnText {
  private static final int SEQUENCES = 16;

  private OwnText() {}

  /**
   * Samples pieces at temperature 1, some at a time, from successive seeds.
   *
   * @param tokens how many, at least
   * @param length most tokens of a piece
   */
  public static int[] write(
      Model model,
      EngineOptions options,
      int tokens,
      int length,
      long seed,
      Calibrator.Listener listener)
      throws InterruptedException {
    EngineOptions several = options.withSequences(SEQUENCES).withContext(length + 1);
    try (InferenceEngine engine = InferenceEngine.open(model, several)) {
      IntStream text = IntStream.empty();
      int written = 0;
      for (long next = seed; written < tokens; next += SEQUENCES) {
        for (int[] piece : pieces(engine, length, next)) {
          text = IntStream.concat(text, IntStream.of(piece));
          written += piece.length;
        }
        listener.progress("writing", Math.min(written, tokens), tokens);
      }
      return text.toArray();
    }
  }

  private static List<int[]> pieces(InferenceEngine engine, int length, long seed)
      throws InterruptedException {
    List<Generation> running = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      SamplingParams sampling = SamplingParams.builder().temperature(1).seed(seed + i).build();
      running.add(
          engine.submit(new GenerationRequest(start(engine.model()), length - 1, sampling, false)));
    }
    List<int[]> pieces = new ArrayList<>();
    for (Generation generation : running) {
      pieces.add(
          IntStream.concat(IntStream.of(start(engine.model())), IntStream.of(generation.awaitAll()))
              .toArray());
    }
    return pieces;
  }

  private static int[] start(Model model) {
    try {
      return new int[] {Math.max(0, model.tokenizer().bos())};
    } catch (UnsupportedModelException e) {
      return new int[] {0};
    }
  }
}
