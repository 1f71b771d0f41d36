package dev.thermocline.bench;

import dev.thermocline.kernels.RowSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets of active rows, used in turn, so that a sparse operation does not find the few rows of its
 * only set in the cache. Independent draws: harder on caches than a model, whose active neurons
 * partly stay the same from token to token.
 */
public final class RowSets {
  /** Odd, so that copies of weights, often a power of two, meet all sets. */
  private static final int SETS = 17;

  private final List<RowSet> sets = new ArrayList<>();
  private final int count;
  private int next;

  /** Draws sets that all have the same number of rows. */
  public RowSets(Inputs inputs, int bound, double density) {
    for (int i = 0; i < SETS; i++) {
      sets.add(inputs.rows(bound, density));
    }
    this.count = sets.getFirst().count();
  }

  /** Rows in each set. */
  public int count() {
    return count;
  }

  /** The one whose turn it is. */
  public RowSet next() {
    RowSet set = sets.get(next);
    next = next + 1 == SETS ? 0 : next + 1;
    return set;
  }
}
