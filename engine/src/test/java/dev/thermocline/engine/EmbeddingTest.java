package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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

  /**
   * A score of five steps, queued behind a text of 90: done after five or six of the text's, which
   * is as alone. Nothing is left to chance: the decode thread is held while both are queued.
   */
  @Test
  void areDoneBetweenTheStepsOfTexts() throws Exception {
    try (Model model = Model.open(TestModels.readable(folder, 0));
        InferenceEngine engine =
            InferenceEngine.open(model, Runs.cpu(1).withSequences(2).withBatch(8))) {
      int[] prompt = Runs.prompt(model, 5);
      int[] alone = Runs.greedy(engine, prompt, 90);
      float[] vector = engine.embed(Runs.prompt(model, LENGTH));
      CountDownLatch queued = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      Thread holder =
          Thread.ofPlatform().start(() -> engine.logits(prompt, (p, l, o) -> hold(held, queued)));
      held.await();
      Generation text =
          engine.submit(new GenerationRequest(prompt, 90, SamplingParams.greedy(), true));
      AtomicInteger written = new AtomicInteger();
      Thread scorer =
          Thread.ofPlatform()
              .start(() ->
                  engine.logits(
                      Runs.prompt(model, LENGTH), (p, l, o) -> written.set(text.count())));
      while (scorer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      queued.countDown();
      holder.join();
      scorer.join();
      assertTrue(written.get() >= 3 && written.get() <= 6, "tokens written: " + written);
      assertArrayEquals(vector, engine.embed(Runs.prompt(model, LENGTH)), 1e-5f);
      assertArrayEquals(alone, text.awaitAll());
    }
  }

  private static void hold(CountDownLatch held, CountDownLatch queued) {
    held.countDown();
    try {
      queued.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where texts hold the pages, vectors come when one ends, and before further texts. */
  @Test
  void waitForPagesAndLeaveNobodyBehind() throws Exception {
    EngineOptions options = Runs.cpu(1).withSequences(3);
    try (Model model = Model.open(TestModels.readable(folder, 0));
        InferenceEngine engine =
            InferenceEngine.open(model, options.withCache(options.cache().withTokens(96)))) {
      int[] prompt = Runs.prompt(model, 40);
      int[] alone = Runs.greedy(engine, prompt, 40);
      float[] vector = engine.embed(Runs.prompt(model, 90));
      List<Generation> texts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        texts.add(engine.submit(new GenerationRequest(prompt, 40, SamplingParams.greedy(), true)));
      }
      assertArrayEquals(vector, engine.embed(Runs.prompt(model, 90)), 1e-5f);
      for (Generation text : texts) {
        assertArrayEquals(alone, text.awaitAll());
      }
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
