package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.NeuronBlock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often neurons of each group of a layer were added to an output, hot and cold ones together;
 * groups are those of {@link NeuronBlock#addedByGroup}. Immutable.
 */
public final class GroupCounts {
  private final int[] counts;

  private GroupCounts(int[] counts) {
    this.counts = counts;
  }

  /** The sums of the counts of a layer's blocks, either of which may be missing. */
  static GroupCounts of(@Nullable NeuronBlock hot, @Nullable NeuronBlock cold) {
    int[] first = hot == null ? new int[0] : hot.addedByGroup();
    int[] second = cold == null ? new int[0] : cold.addedByGroup();
    int[] sums = Arrays.copyOf(first, Math.max(first.length, second.length));
    for (int g = 0; g < second.length; g++) {
      sums[g] += second[g];
    }
    return new GroupCounts(sums);
  }

  /** Groups of the layer. */
  public int size() {
    return counts.length;
  }

  /** The count of a group. */
  public long get(int group) {
    return Integer.toUnsignedLong(counts[group]);
  }

  /** What was added since an earlier reading of the same groups. */
  GroupCounts since(GroupCounts earlier) {
    int[] added = counts.clone();
    for (int g = 0; g < Math.min(added.length, earlier.counts.length); g++) {
      added[g] -= earlier.counts[g];
    }
    return new GroupCounts(added);
  }

  /** These groups and then those of a further block of the layer. */
  GroupCounts append(GroupCounts other) {
    int[] all = Arrays.copyOf(counts, counts.length + other.counts.length);
    System.arraycopy(other.counts, 0, all, counts.length, other.counts.length);
    return new GroupCounts(all);
  }
}
