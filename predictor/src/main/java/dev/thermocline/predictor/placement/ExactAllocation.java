package dev.thermocline.predictor.placement;

import java.util.List;

/**
 * Dynamic programming over layers and capacity: the best number of hot groups for every layer.
 *
 * <p>Capacity is counted in units. A unit is the greatest common divisor of the layers' group sizes
 * where that gives at most {@link #MOST_UNITS} (always so if all layers are alike), and then the
 * result is optimal among allocations that round every group up; otherwise groups are rounded up to
 * a coarser unit.
 *
 * <p>Past its synchronisation a layer's gain is concave in the number of groups, so each layer is a
 * (max, +) convolution with a concave sequence, whose best counts move monotonically with capacity:
 * divide and conquer finds them in O(units log units).
 */
final class ExactAllocation {
  /** Keeps eighty layers within a few tenths of a second. */
  static final int MOST_UNITS = 1 << 16;

  private final List<LayerGroups> layers;
  private final int units;
  private final long unitBytes;
  private final int[][] choice;
  private double[] best;
  private double[] next;

  /** Of the layer being added: microseconds saved by each number of groups. */
  private double[] saved = {};

  private double sync;

  private ExactAllocation(List<LayerGroups> layers, long capacityBytes) {
    this.layers = layers;
    long all = 0;
    long divisor = 0;
    for (LayerGroups layer : layers) {
      all += layer.groups() * layer.groupBytes();
      divisor = gcd(divisor, layer.groupBytes());
    }
    long usable = Math.min(all, capacityBytes);
    this.unitBytes = Math.max(divisor, Math.ceilDiv(usable, MOST_UNITS));
    this.units = (int) (usable / unitBytes);
    this.choice = new int[layers.size()][units + 1];
    this.best = new double[units + 1];
    this.next = new double[units + 1];
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Groups per layer that fit into {@code capacityBytes}. */
  static int[] solve(List<LayerGroups> layers, long capacityBytes) {
    ExactAllocation dp = new ExactAllocation(layers, capacityBytes);
    for (int l = 0; l < layers.size(); l++) {
      dp.addLayer(l);
    }
    return dp.trace();
  }

  private int weight(int l) {
    return (int) Math.min(units + 1L, Math.ceilDiv(layers.get(l).groupBytes(), unitBytes));
  }

  private void addLayer(int l) {
    int weight = weight(l);
    saved = layers.get(l).saved();
    sync = layers.get(l).syncMicros();
    for (int residue = 0; residue < weight && residue <= units; residue++) {
      int last = (units - residue) / weight;
      split(l, residue, weight, 0, last, 0, last);
    }
    double[] swap = best;
    best = next;
    next = swap;
  }

  /** Fills capacities from..to of one residue, their best remainders lying in low..high. */
  private void split(int l, int residue, int weight, int from, int to, int low, int high) {
    if (from > to) {
      return;
    }
    int middle = (from + to) >>> 1;
    int argument = middle;
    double value = Double.NEGATIVE_INFINITY;
    int last = Math.min(high, middle);
    double[] before = best;
    for (int j = Math.max(low, middle - saved.length + 1); j <= last; j++) {
      double candidate = before[residue + j * weight] + saved[middle - j];
      if (candidate > value) {
        value = candidate;
        argument = j;
      }
    }
    int capacity = residue + middle * weight;
    boolean worth = value - sync > before[capacity];
    next[capacity] = worth ? value - sync : before[capacity];
    choice[l][capacity] = worth ? middle - argument : 0;
    split(l, residue, weight, from, middle - 1, low, argument);
    split(l, residue, weight, middle + 1, to, argument, high);
  }

  private int[] trace() {
    int[] groups = new int[layers.size()];
    int capacity = units;
    for (int l = layers.size() - 1; l >= 0; l--) {
      groups[l] = choice[l][capacity];
      capacity -= groups[l] * weight(l);
    }
    return groups;
  }
}
