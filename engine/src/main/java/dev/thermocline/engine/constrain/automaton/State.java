package dev.thermocline.engine.constrain.automaton;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may come next: pairs of a reading node and a stack, and whether the text may end.
 * What follows from it is filled in as it is found out.
 */
final class State {
  final int[] nodes;
  final @Nullable Frame[] stacks;
  final boolean accepting;
  private final int hash;

  /** By class of symbol; null where nobody asked yet. */
  final @Nullable State[] next;

  /** The state with the same mask that stands for many, null while unknown. */
  @Nullable State model;

  long @Nullable [] mask;

  State(int[] nodes, @Nullable Frame[] stacks, boolean accepting, int classes) {
    this.nodes = nodes;
    this.stacks = stacks;
    this.accepting = accepting;
    this.next = new State[classes];
    int sum = accepting ? 1 : 0;
    for (int i = 0; i < nodes.length; i++) {
      Frame stack = stacks[i];
      sum += (nodes[i] * 0x9e3779b1) ^ (stack == null ? 0 : stack.hash * 0x85ebca6b);
    }
    this.hash = sum;
  }

  boolean isDead() {
    return nodes.length == 0 && !accepting;
  }

  void forget() {
    Arrays.fill(next, null);
    model = null;
    mask = null;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the frame table makes equal stacks one object
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof State other)
        || hash != other.hash
        || accepting != other.accepting
        || !Arrays.equals(nodes, other.nodes)) {
      return false;
    }
    for (int i = 0; i < stacks.length; i++) {
      if (stacks[i] != other.stacks[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
