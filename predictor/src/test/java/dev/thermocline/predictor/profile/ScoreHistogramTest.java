package dev.thermocline.predictor.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {

  @Test
  void quantilesAreRightToAPercent() {
    SplittableRandom random = new SplittableRandom(3);
    float[] scores = new float[100_000];
    ScoreHistogram all = new ScoreHistogram();
    ScoreHistogram[] halves = {new ScoreHistogram(), new ScoreHistogram()};
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) Math.exp(3 * random.nextGaussian());
      all.add(scores[i]);
      halves[i % 2].add(scores[i]);
    }
    halves[0].merge(halves[1]);
    assertEquals(scores.length, halves[0].total());
    Arrays.sort(scores);
    for (double share : new double[] {0.01, 0.25, 0.4, 0.5, 0.65, 0.99}) {
      float exact = scores[(int) (share * scores.length)];
      assertEquals(exact, all.quantile(share), 0.02 * exact, "share " + share);
      assertEquals(all.quantile(share), halves[0].quantile(share));
    }
  }

  @Test
  void zerosInfinitiesAndNansAreHarmless() {
    ScoreHistogram histogram = new ScoreHistogram();
    assertEquals(0, histogram.quantile(0.5));
    for (float score : new float[] {0, 0, 0, Float.MIN_VALUE, Float.NaN, 1}) {
      histogram.add(score);
    }
    assertEquals(5, histogram.total());
    assertEquals(0, histogram.quantile(0.6));
    assertEquals(1, histogram.quantile(1), 0.04);
    histogram.add(Float.POSITIVE_INFINITY);
    assertEquals(6, histogram.total());
    assertEquals(Float.MAX_VALUE, histogram.quantile(1));
  }
}
