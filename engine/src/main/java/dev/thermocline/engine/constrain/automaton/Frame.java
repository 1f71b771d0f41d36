package dev.thermocline.engine.constrain.automaton;

import org.jspecify.annotations.Nullable;

/**
 * The top of a stack that shares what is below it. Equal stacks are the same object while the
 * automaton remembers them.
 */
final class Frame {
  /** Where a return leads to: the node after a call, or a loop. */
  final int node;

  /** Finished rounds of a loop, -1 for a call. */
  final int rounds;

  final @Nullable Frame below;
  final int depth;
  final int hash;

  Frame(int node, int rounds, @Nullable Frame below) {
    this.node = node;
    this.rounds = rounds;
    this.below = below;
    this.depth = below == null ? 1 : below.depth + 1;
    this.hash = (node * 31 + rounds) * 0x9e3779b1 + (below == null ? 0 : below.hash * 31);
  }

  static int depth(@Nullable Frame frame) {
    return frame == null ? 0 : frame.depth;
  }

  /** What lies below is compared by identity: it was made unique before. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Frame frame
        && node == frame.node
        && rounds == frame.rounds
        && below == frame.below;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
