package dev.thermocline.predictor.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.predictor.calibrate.BudgetAllocation.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BudgetAllocationTest {

  private static double loss(List<List<Point>> curves, int[] chosen) {
    double sum = 0;
    for (int l = 0; l < chosen.length; l++) {
      sum += curves.get(l).get(chosen[l]).loss();
    }
    return sum;
  }

  private static double cost(List<List<Point>> curves, int[] chosen) {
    double sum = 0;
    for (int l = 0; l < chosen.length; l++) {
      sum += curves.get(l).get(chosen[l]).cost();
    }
    return sum;
  }

  private static double best(List<List<Point>> curves, int[] chosen, int layer, double budget) {
    if (layer == chosen.length) {
      return loss(curves, chosen) <= budget ? cost(curves, chosen) : Double.POSITIVE_INFINITY;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < curves.get(layer).size(); i++) {
      chosen[layer] = i;
      best = Math.min(best, best(curves, chosen, layer + 1, budget));
    }
    return best;
  }

  @Test
  void isWithinOneStepOfTheBest() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<List<Point>> curves = new ArrayList<>();
      double mostStep = 0;
      for (int l = 0; l < 4; l++) {
        List<Point> curve = new ArrayList<>();
        curve.add(new Point(0, 100));
        for (int i = 0; i < 4; i++) {
          curve.add(new Point(random.nextDouble(), random.nextDouble() * 100));
        }
        curves.add(curve);
        mostStep = 100;
      }
      double budget = random.nextDouble() * 2;
      int[] chosen = BudgetAllocation.minimiseCost(curves, budget);
      assertTrue(loss(curves, chosen) <= budget + 1e-12, "seed " + seed);
      double best = best(curves, new int[4], 0, budget);
      assertTrue(cost(curves, chosen) >= best - 1e-9, "seed " + seed);
      assertTrue(cost(curves, chosen) <= best + mostStep, "seed " + seed);
    }
  }

  @Test
  void isTheBestOnConvexCurvesWithEqualSteps() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<List<Point>> curves = new ArrayList<>();
      for (int l = 0; l < 3; l++) {
        List<Point> curve = new ArrayList<>();
        double scale = 1 + random.nextDouble() * 9;
        for (int i = 0; i < 6; i++) {
          curve.add(new Point(i, scale * Math.pow(0.6, i)));
        }
        curves.add(curve);
      }
      double budget = random.nextInt(16);
      assertEquals(
          best(curves, new int[3], 0, budget),
          cost(curves, BudgetAllocation.minimiseCost(curves, budget)),
          1e-9,
          "seed " + seed);
    }
  }

  @Test
  void withoutBudgetTheLeastLossesAreTaken() {
    List<List<Point>> curves = List.of(List.of(new Point(0.5, 1), new Point(0.1, 3)));
    assertArrayEquals(new int[] {1}, BudgetAllocation.minimiseCost(curves, 0));
    assertArrayEquals(new int[] {0}, BudgetAllocation.minimiseCost(curves, 0.6));
    assertThrows(IllegalArgumentException.class, () -> new Point(Double.NaN, 1));
    assertThrows(
        IllegalArgumentException.class, () -> BudgetAllocation.minimiseCost(List.of(List.of()), 1));
  }
}
