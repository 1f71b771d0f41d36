package dev.thermocline.engine.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidatesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40, 100, 150})
  void selectsWhatSortingWould(int k) {
    SplittableRandom random = new SplittableRandom(k);
    for (int round = 0; round < 50; round++) {
      float[] logits = new float[103];
      for (int i = 0; i < logits.length; i++) {
        // Few different values: ties are common.
        logits[i] = random.nextInt(20);
      }
      List<Integer> sorted =
          IntStream.range(0, 100)
              .boxed()
              .sorted(Comparator.comparingDouble(token -> -logits[token + 3]))
              .toList();
      Candidates candidates = new Candidates(Math.min(k, 100));
      candidates.select(logits, 3, 100);
      candidates.softmax(1);
      int kept = candidates.cut(1, 0);
      assertEquals(Math.min(k, 100), kept);
      for (int i = 0; i < kept; i++) {
        // Of the first i + 1, a point at the very end draws the last.
        assertEquals(sorted.get(i), candidates.draw(i + 1, Math.nextDown(1.0)), "round " + round);
        assertEquals(sorted.getFirst(), candidates.draw(i + 1, 0));
      }
    }
  }
}
