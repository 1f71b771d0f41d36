package dev.thermocline.predictor.calibrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Shares one budget of loss among the layers of a model so that as few bytes as possible are read:
 * always the step that saves most bytes for the loss it adds. Each layer's curve is first reduced
 * to its convex hull, on which such steps are the best there are, up to the last one.
 */
public final class BudgetAllocation {
  private BudgetAllocation() {}

  /**
   * A setting of one layer.
   *
   * @param loss what it adds to the model's loss, not negative
   * @param cost what it costs, such as bytes per token
   */
  public record Point(double loss, double cost) {
    public Point {
      if (!(loss >= 0 && loss < Double.POSITIVE_INFINITY) || !Double.isFinite(cost)) {
        throw new IllegalArgumentException(
            "budget: expected a finite loss of at least 0 and a cost, got " + loss + ", " + cost);
      }
    }
  }

  /**
   * Chooses a setting for every layer.
   *
   * @param curves per layer its settings, at least one
   * @param lossBudget largest sum of losses
   * @return per layer the index of its setting; where even the least losses exceed the budget, the
   *     settings with the least losses
   */
  public static int[] minimiseCost(List<List<Point>> curves, double lossBudget) {
    List<List<Integer>> hulls = new ArrayList<>();
    double left = lossBudget;
    for (List<Point> curve : curves) {
      if (curve.isEmpty()) {
        throw new IllegalArgumentException("budget: expected settings of every layer, got none");
      }
      List<Integer> hull = hull(curve);
      hulls.add(hull);
      left -= curve.get(hull.getFirst()).loss();
    }
    int[] at = new int[curves.size()];
    int layer;
    while ((layer = bestStep(curves, hulls, at, left)) >= 0) {
      left -= lossOfStep(curves.get(layer), hulls.get(layer), at[layer]);
      at[layer]++;
    }
    int[] chosen = new int[at.length];
    for (int l = 0; l < at.length; l++) {
      chosen[l] = hulls.get(l).get(at[l]);
    }
    return chosen;
  }

  private static int bestStep(
      List<List<Point>> curves, List<List<Integer>> hulls, int[] at, double left) {
    int best = -1;
    double bestRate = 0;
    for (int l = 0; l < at.length; l++) {
      List<Integer> hull = hulls.get(l);
      if (at[l] + 1 < hull.size()) {
        double loss = lossOfStep(curves.get(l), hull, at[l]);
        double saved =
            curves.get(l).get(hull.get(at[l])).cost()
                - curves.get(l).get(hull.get(at[l] + 1)).cost();
        if (loss <= left && saved / loss > bestRate) {
          bestRate = saved / loss;
          best = l;
        }
      }
    }
    return best;
  }

  private static double lossOfStep(List<Point> curve, List<Integer> hull, int at) {
    return curve.get(hull.get(at + 1)).loss() - curve.get(hull.get(at)).loss();
  }

  /** Indices of the lower convex hull, from the least loss on, each cheaper than the one before. */
  private static List<Integer> hull(List<Point> curve) {
    List<Integer> sorted = new ArrayList<>();
    for (int i = 0; i < curve.size(); i++) {
      sorted.add(i);
    }
    sorted.sort(
        Comparator.<Integer>comparingDouble(i -> curve.get(i).loss())
            .thenComparingDouble(i -> curve.get(i).cost()));
    List<Integer> hull = new ArrayList<>();
    for (int i : sorted) {
      if (!hull.isEmpty() && curve.get(i).cost() >= curve.get(hull.getLast()).cost()) {
        continue;
      }
      while (hull.size() > 1 && !convex(curve, hull.get(hull.size() - 2), hull.getLast(), i)) {
        hull.removeLast();
      }
      hull.add(i);
    }
    return hull;
  }

  private static boolean convex(List<Point> curve, int a, int b, int c) {
    Point p = curve.get(a);
    Point q = curve.get(b);
    Point r = curve.get(c);
    return (p.cost() - q.cost()) * (r.loss() - q.loss())
        > (q.cost() - r.cost()) * (q.loss() - p.loss());
  }
}
