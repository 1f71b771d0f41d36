package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows a program from some nodes to all the nodes that read, and so makes states. */
final class Closure {
  /** Ways through a grammar at the same time; a grammar people write has a handful. */
  private static final int MOST_WAYS = 4096;

  /**
   * A node to go on at.
   *
   * @param pushed frames of the stack that were put there since a symbol was read
   */
  private record Way(int node, @Nullable Frame stack, int pushed) {}

  private static final Comparator<Way> ORDER =
      Comparator.comparingInt(Way::node)
          .thenComparingInt(way -> Frame.depth(way.stack()))
          .thenComparingInt(way -> way.stack() == null ? 0 : way.stack().hash);

  private final Program program;
  private final FrameTable frames;
  private final Budget budget;
  private final Set<Way> seen = new HashSet<>();
  private final List<Way> open = new ArrayList<>();
  private final Set<Way> reading = new HashSet<>();
  private boolean accepting;

  Closure(Program program, FrameTable frames, Budget budget) {
    this.program = program;
    this.frames = frames;
    this.budget = budget;
  }

  /** Adds what can be reached from a node with a stack. */
  void from(int node, @Nullable Frame stack) {
    go(node, stack, 0);
    while (!open.isEmpty()) {
      step(open.removeLast());
    }
  }

  /** Goes on at a node from which, with the room left on the stack, an end can be reached. */
  private void go(int node, @Nullable Frame stack, int pushed) {
    if (Frame.depth(stack) + program.need[node] > Reachability.MOST_FRAMES) {
      return;
    }
    budget.spend();
    if (program.kind[node] == Program.READ) {
      reading.add(new Way(node, stack, 0));
      return;
    }
    Way way = new Way(node, stack, pushed);
    if (seen.add(way)) {
      open.add(way);
    }
  }

  private void step(Way way) {
    int node = way.node();
    switch (program.kind[node]) {
      case Program.SPLIT -> {
        go(program.a[node], way.stack(), way.pushed());
        go(program.b[node], way.stack(), way.pushed());
      }
      case Program.CALL -> call(node, way);
      case Program.LOOP -> round(node, 0, way.stack(), way.pushed());
      case Program.RETURN -> pop(way);
      default -> throw new IllegalStateException("node " + node + " leads nowhere");
    }
  }

  private void call(int node, Way way) {
    int next = program.b[node];
    if (next == Program.END) {
      go(program.a[node], way.stack(), way.pushed());
    } else {
      go(program.a[node], frames.of(next, -1, way.stack()), way.pushed() + 1);
    }
  }

  private void pop(Way way) {
    Frame top = way.stack();
    if (top == null) {
      accepting = true;
    } else if (top.rounds < 0) {
      go(top.node, top.below, Math.max(0, way.pushed() - 1));
    } else if (way.pushed() == 0) {
      round(top.node, top.rounds + 1, top.below, 0);
    }
    // An empty round says nothing new: the loop could have been left before it.
  }

  private void round(int loop, int done, @Nullable Frame stack, int pushed) {
    int least = program.least(loop);
    int most = program.most(loop);
    int rounds = most == Expr.UNBOUNDED ? Math.min(done, least) : done;
    if (rounds < most) {
      go(program.a[loop], frames.of(loop, rounds, stack), pushed + 1);
    }
    if (rounds >= least) {
      go(program.next(loop), stack, pushed);
    }
  }

  State state() {
    if (reading.size() > MOST_WAYS) {
      throw new ConstraintException(
          "constraint: expected at most "
              + MOST_WAYS
              + " ways through the grammar at a time, found "
              + reading.size());
    }
    List<Way> ways = new ArrayList<>(reading);
    ways.sort(ORDER);
    int[] nodes = new int[ways.size()];
    @Nullable Frame[] stacks = new Frame[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = ways.get(i).node();
      stacks[i] = ways.get(i).stack();
    }
    return new State(nodes, stacks, accepting, program.classes.count());
  }
}
