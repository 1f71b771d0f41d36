package dev.thermocline.predictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.WinaObserver;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColumnSelectorTest {
  private static final int ROWS = 256;
  private static final int COLS = 192;
  private static final int TOKENS = 64;

  private final SplittableRandom random = new SplittableRandom(4);

  /** A weight whose columns have norms spread by {@code sigma}, as {@code [cols][rows]}. */
  private float[][] columns(double sigma) {
    float[][] columns = new float[COLS][ROWS];
    for (float[] column : columns) {
      double scale = Math.exp(sigma * random.nextGaussian()) / Math.sqrt(ROWS);
      for (int r = 0; r < ROWS; r++) {
        column[r] = (float) (scale * random.nextGaussian());
      }
    }
    return columns;
  }

  private HostActivations laplace() {
    HostActivations x = new HostActivations(TOKENS, COLS);
    for (int i = 0; i < x.values().length; i++) {
      double u = random.nextDouble() - 0.5;
      x.values()[i] = (float) (-Math.signum(u) * Math.log(1 - 2 * Math.abs(u) + 1e-12));
    }
    return x;
  }

  private static float[] norms(float[][] columns) {
    float[] norms = new float[columns.length];
    for (int c = 0; c < norms.length; c++) {
      norms[c] = (float) Math.sqrt(dot(columns[c], columns[c]));
    }
    return norms;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Norm of what is left out, summed over tokens. */
  private static double error(ColumnSelector selector, float[][] columns, HostActivations x) {
    double sum = 0;
    RowSet kept = new RowSet(COLS);
    for (int t = 0; t < TOKENS; t++) {
      selector.select(x, t, kept);
      float[] lost = new float[ROWS];
      for (int c = 0; c < COLS; c++) {
        for (int r = 0; r < ROWS && !kept.contains(c); r++) {
          lost[r] += columns[c][r] * x.values()[x.offset(t) + c];
        }
      }
      sum += Math.sqrt(dot(lost, lost));
    }
    return sum;
  }

  private static float[] ones() {
    float[] ones = new float[COLS];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void winaBeatsMagnitudeWhereColumnNormsSpread() {
    HostActivations x = laplace();
    float[][] spread = columns(0.5);
    float[] norms = norms(spread);
    for (int keep : new int[] {144, 115, 96}) {
      double wina = error(new TopColumns(norms, keep), spread, x);
      double magnitude = error(new TopColumns(ones(), keep), spread, x);
      assertTrue(wina < 0.85 * magnitude, keep + " kept: " + wina + " against " + magnitude);
    }
  }

  @Test
  void winaIsMagnitudeWhereColumnNormsAreEqual() {
    HostActivations x = laplace();
    float[] equal = new float[COLS];
    Arrays.fill(equal, 0.5f);
    RowSet a = new RowSet(COLS);
    RowSet b = new RowSet(COLS);
    for (int t = 0; t < TOKENS; t++) {
      WinaColumns.of(equal, 0.4f).select(x, t, a);
      WinaColumns.magnitude(COLS, 0.8f).select(x, t, b);
      assertArrayEquals(b.words(), a.words());
      new TopColumns(equal, 50).select(x, t, a);
      new TopColumns(ones(), 50).select(x, t, b);
      assertArrayEquals(b.words(), a.words());
    }
  }

  @Test
  void thresholdsFromQuantilesLeaveOutTheShareAskedFor() {
    HostActivations x = laplace();
    float[] norms = norms(columns(0.5));
    WinaObserver observer = new WinaObserver();
    observer.watch("w", norms);
    observer.observe("w", x, TOKENS);
    observer.observe("another", x, TOKENS);
    RowSet kept = new RowSet(COLS);
    for (double sparsity : new double[] {0.25, 0.4, 0.5}) {
      WinaColumns selector =
          WinaColumns.of(
              Floats.tensor("n", 1, COLS, norms), observer.histogram("w").quantile(sparsity));
      int count = 0;
      for (int t = 0; t < TOKENS; t++) {
        selector.select(x, t, kept);
        count += kept.count();
      }
      assertEquals(1 - sparsity, count / (double) (TOKENS * COLS), 0.01);
    }
  }

  @Test
  void topColumnsKeepsExactlyTheLargest() {
    HostActivations x = new HostActivations(1, COLS);
    for (int round = 0; round < 200; round++) {
      int keep = 1 + random.nextInt(COLS);
      for (int c = 0; c < COLS; c++) {
        // Few different values, so that there are many ties.
        x.values()[c] = random.nextInt(-8, 9);
      }
      RowSet kept = new RowSet(COLS);
      new TopColumns(ones(), keep).select(x, 0, kept);
      assertEquals(keep, kept.count());
      float least = Float.MAX_VALUE;
      float most = 0;
      for (int c = 0; c < COLS; c++) {
        float score = Math.abs(x.values()[c]);
        least = kept.contains(c) ? Math.min(least, score) : least;
        most = kept.contains(c) ? most : Math.max(most, score);
      }
      assertTrue(least >= most);
    }
  }

  @Test
  void aNanIsKept() {
    HostActivations x = new HostActivations(1, COLS);
    x.values()[70] = Float.NaN;
    RowSet kept = new RowSet(COLS);
    WinaColumns.of(ones(), 1f).select(x, 0, kept);
    assertEquals(1, kept.count());
    assertTrue(kept.contains(70));
    new TopColumns(ones(), 1).select(x, 0, kept);
    assertTrue(kept.contains(70));
  }

  @Test
  void columnAndRowNorms() {
    float[][] columns = columns(0.3);
    float[] flat = new float[COLS * ROWS];
    float[] transposed = new float[COLS * ROWS];
    for (int c = 0; c < COLS; c++) {
      for (int r = 0; r < ROWS; r++) {
        flat[r * COLS + c] = columns[c][r];
        transposed[c * ROWS + r] = columns[c][r];
      }
    }
    assertArrayEquals(norms(columns), Norms.columns(Floats.tensor("w", ROWS, COLS, flat)), 1e-6f);
    assertArrayEquals(
        norms(columns), Norms.rows(Floats.tensor("t", COLS, ROWS, transposed)), 1e-6f);
  }
}
