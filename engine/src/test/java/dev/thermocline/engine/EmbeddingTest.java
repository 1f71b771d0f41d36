package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Vectors of texts against those worked out from logits: of a model whose output matrix is the
 * identity, logits are the hidden states.
 */
class EmbeddingTest {
  private static final int LENGTH = 37;

  @TempDir Path folder;

  @Test
  void averagesTheHiddenStates() throws Exception {
    check(0, position -> true);
    check(1, position -> true);
  }

  @Test
  void takesTheFirstOrTheLastWhereTheModelSaysSo() throws Exception {
    check(2, position -> position == 0);
    check(3, position -> position == LENGTH - 1);
  }

  private void check(int poolingType, IntPredicate counts) throws Exception {
    try (Model model = Model.open(TestModels.readable(folder, poolingType));
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(2))) {
      int[] tokens = Runs.prompt(model, LENGTH);
      assertArrayEquals(expected(engine, tokens, counts), engine.embed(tokens), 1e-6f);
    }
  }

  private static float[] expected(InferenceEngine engine, int[] tokens, IntPredicate counts) {
    int width = engine.model().config().nEmbd();
    double[] sum = new double[width];
    engine.logits(
        tokens,
        (position, logits, offset) -> {
          for (int i = 0; counts.test(position) && i < width; i++) {
            sum[i] += logits[offset + i];
          }
        });
    double squares = 0;
    for (double x : sum) {
      squares += x * x;
    }
    float[] unit = new float[width];
    for (int i = 0; i < width; i++) {
      unit[i] = (float) (sum[i] / Math.sqrt(squares));
    }
    return unit;
  }

  @Test
  void leavesRunningTextsAsTheyAre() throws Exception {
    try (Model model = Model.open(TestModels.readable(folder, 0));
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1).withSequences(2))) {
      int[] prompt = Runs.prompt(model, 5);
      int[] alone = Runs.greedy(engine, prompt, 40);
      Generation running =
          engine.submit(new GenerationRequest(prompt, 40, SamplingParams.greedy(), true));
      float[] vector = engine.embed(Runs.prompt(model, LENGTH));
      assertArrayEquals(alone, running.awaitAll());
      assertArrayEquals(vector, engine.embed(Runs.prompt(model, LENGTH)));
    }
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    try (Model model = Model.open(TestModels.readable(folder, 0));
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
      assertThrows(IllegalArgumentException.class, () -> engine.embed(new int[0]));
      assertThrows(IllegalArgumentException.class, () -> engine.embed(new int[97]));
      assertThrows(IllegalArgumentException.class, () -> engine.embed(new int[] {300}));
      assertEquals(64, engine.embed(new int[] {299}).length);
    }
  }
}
