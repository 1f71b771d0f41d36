package dev.thermocline.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.TestModels;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityTest {
  private static final int CONTEXT = 32;

  @TempDir Path folder;

  private static EngineOptions options() {
    return EngineOptions.defaults().withThreads(1).withDevice(DeviceMode.CPU).withContext(64);
  }

  /** In doubles, straight from the definition. */
  private static double expected(InferenceEngine engine, int[] tokens, int chunks) {
    int vocabulary = engine.model().config().nVocab();
    List<Double> scores = new ArrayList<>();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int[] part = Arrays.copyOfRange(tokens, chunk * CONTEXT, (chunk + 1) * CONTEXT);
      engine.logits(
          part,
          (position, logits, offset) -> {
            if (position >= CONTEXT / 2 && position < CONTEXT - 1) {
              double sum = 0;
              for (int i = 0; i < vocabulary; i++) {
                sum += Math.exp(logits[offset + i]);
              }
              scores.add(Math.log(sum) - logits[offset + part[position + 1]]);
            }
          });
    }
    return Math.exp(scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
  }

  @Test
  void isTheMeanOverTheSecondHalvesOfAllChunks() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.F32));
        InferenceEngine engine = InferenceEngine.open(model, options())) {
      int[] tokens = new SplittableRandom(3).ints(110, 3, 300).toArray();
      List<Long> heard = new ArrayList<>();
      Perplexity measured =
          Perplexity.measure(engine, tokens, CONTEXT, (done, all) -> heard.add(done));
      assertEquals(3, measured.chunks());
      assertEquals(3 * (CONTEXT / 2 - 1), measured.scored());
      assertEquals(List.of(1L, 2L, 3L), heard);
      double expected = expected(engine, tokens, 3);
      assertEquals(expected, measured.perplexity(), 1e-5 * expected);
      assertTrue(measured.standardError() > 0);
    }
  }

  @Test
  void aTextShorterThanAChunkIsRefused() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.F32));
        InferenceEngine engine = InferenceEngine.open(model, options())) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> Perplexity.measure(engine, new int[31], CONTEXT, (done, all) -> {}));
      assertTrue(refused.getMessage().contains("got 31"), refused::getMessage);
    }
  }

  @Test
  void logProbabilitiesSurviveLargeLogits() {
    float[] logits = {0, 1000, 999, -1000};
    assertEquals(-Math.log(1 + Math.exp(-1)), LogSoftmax.logProbability(logits, 1, 3, 0), 1e-9);
    assertEquals(Math.log(4) + 5, LogSoftmax.logSum(new float[] {5, 5, 5, 5}, 0, 4), 1e-9);
  }
}
