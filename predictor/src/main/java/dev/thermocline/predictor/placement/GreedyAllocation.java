package dev.thermocline.predictor.placement;

import java.util.List;

/**
 * Takes groups by gain per byte until nothing more fits. A layer that holds nothing yet is opened
 * by the number of groups with the best gain per byte, synchronisation paid. The check of {@link
 * ExactAllocation}, and what fills the bytes that its rounding leaves over.
 */
final class GreedyAllocation {
  private final List<LayerGroups> layers;
  private final int[] taken;

  /** Per layer the best number of groups to open it with; -1 where it is not known. */
  private final int[] opening;

  private long remaining;

  private GreedyAllocation(List<LayerGroups> layers, int[] start, long capacityBytes) {
    this.layers = layers;
    this.taken = start.clone();
    this.opening = new int[start.length];
    java.util.Arrays.fill(opening, -1);
    this.remaining = capacityBytes;
    for (int l = 0; l < taken.length; l++) {
      remaining -= layers.get(l).bytes(taken[l]);
    }
  }

  /** Groups per layer, from none. */
  static int[] solve(List<LayerGroups> layers, long capacityBytes) {
    return extend(layers, new int[layers.size()], capacityBytes);
  }

  /** Groups per layer, at least {@code start}, which must fit. */
  static int[] extend(List<LayerGroups> layers, int[] start, long capacityBytes) {
    GreedyAllocation greedy = new GreedyAllocation(layers, start, capacityBytes);
    while (greedy.step()) {}
    return greedy.taken;
  }

  private boolean step() {
    int bestLayer = -1;
    int bestCount = 0;
    double bestRatio = 0;
    for (int l = 0; l < taken.length; l++) {
      int count = next(l);
      double ratio = count == taken[l] ? 0 : ratio(l, count);
      if (ratio > bestRatio) {
        bestRatio = ratio;
        bestLayer = l;
        bestCount = count;
      }
    }
    if (bestLayer < 0) {
      return false;
    }
    remaining -= cost(bestLayer, bestCount);
    taken[bestLayer] = bestCount;
    return true;
  }

  /** The count that a layer would be raised to, or its present one. */
  private int next(int l) {
    LayerGroups layer = layers.get(l);
    int now = taken[l];
    if (now > 0) {
      return now < layer.groups() && cost(l, now + 1) <= remaining ? now + 1 : now;
    }
    // Memory only shrinks, so the best opening stays the best as long as it fits.
    if (opening[l] < 0 || cost(l, opening[l]) > remaining) {
      opening[l] = bestOpening(l);
    }
    return opening[l];
  }

  private int bestOpening(int l) {
    int best = 0;
    double bestRatio = 0;
    for (int k = 1; k <= layers.get(l).groups() && cost(l, k) <= remaining; k++) {
      double ratio = ratio(l, k);
      if (ratio > bestRatio) {
        bestRatio = ratio;
        best = k;
      }
    }
    return best;
  }

  private long cost(int l, int count) {
    return layers.get(l).bytes(count) - layers.get(l).bytes(taken[l]);
  }

  private double ratio(int l, int count) {
    LayerGroups layer = layers.get(l);
    // A group may fit into the rounding of the last one and cost nothing.
    return (layer.gain(count) - layer.gain(taken[l])) / Math.max(1, cost(l, count));
  }
}
