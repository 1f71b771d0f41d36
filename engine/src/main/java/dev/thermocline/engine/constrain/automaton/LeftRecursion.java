package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.ConstraintException;
import org.jspecify.annotations.Nullable;

/**
 * Finds rules that reach themselves before anything is read, on a way that leaves a frame behind:
 * their stacks would grow for ever. Strongly connected components by Tarjan (1972), without
 * recursion.
 */
final class LeftRecursion {
  private final Program program;
  private final int[] index;
  private final int[] lowest;
  private final int[] component;
  private final int[] path;
  private final int[] stack;
  private final byte[] edge;
  private int pathSize;
  private int stackSize;
  private int counter;

  private LeftRecursion(Program program) {
    this.program = program;
    int size = program.size();
    index = new int[size];
    lowest = new int[size];
    component = new int[size];
    path = new int[size];
    stack = new int[size];
    edge = new byte[size];
  }

  static void refuse(Program program, ProgramBuilder builder) {
    LeftRecursion search = new LeftRecursion(program);
    for (int node = 0; node < program.size(); node++) {
      if (search.index[node] == 0) {
        search.walk(node);
      }
    }
    for (int node = 0; node < program.size(); node++) {
      if (search.growsInside(node)) {
        throw new ConstraintException(
            "rule "
                + search.rule(search.component[node], builder)
                + ": expected something to be read before the rule comes again (left recursion)");
      }
    }
  }

  /** Where a node leads without reading: its first way, its second, or -1 past the last. */
  private int target(int node, int way) {
    boolean passable =
        switch (program.kind[node]) {
          case Program.SPLIT -> true;
          case Program.CALL -> program.nullable[program.a[node]];
          case Program.LOOP -> program.least(node) == 0;
          default -> false;
        };
    boolean inner =
        switch (program.kind[node]) {
          case Program.SPLIT, Program.CALL, Program.LOOP -> true;
          default -> false;
        };
    if (way == 0) {
      return inner ? program.a[node] : -1;
    }
    return way == 1 && passable ? program.next(node) : -1;
  }

  private void walk(int root) {
    enter(root);
    while (pathSize > 0) {
      int node = path[pathSize - 1];
      int target = target(node, edge[node]);
      if (target < 0) {
        leave(node);
      } else {
        edge[node]++;
        if (index[target] == 0) {
          enter(target);
        } else if (component[target] == 0) {
          lowest[node] = Math.min(lowest[node], index[target]);
        }
      }
    }
  }

  private void enter(int node) {
    index[node] = ++counter;
    lowest[node] = counter;
    path[pathSize++] = node;
    stack[stackSize++] = node;
  }

  private void leave(int node) {
    pathSize--;
    if (pathSize > 0) {
      int parent = path[pathSize - 1];
      lowest[parent] = Math.min(lowest[parent], lowest[node]);
    }
    if (lowest[node] == index[node]) {
      int member;
      do {
        member = stack[--stackSize];
        component[member] = node + 1;
      } while (member != node);
    }
  }

  private boolean growsInside(int node) {
    boolean pushes =
        program.kind[node] == Program.LOOP
            || program.kind[node] == Program.CALL && program.b[node] != Program.END;
    return pushes && component[node] == component[program.a[node]];
  }

  private @Nullable String rule(int of, ProgramBuilder builder) {
    for (int node = 0; node < program.size(); node++) {
      String name = component[node] == of ? builder.ruleAt(node) : null;
      if (name != null) {
        return name;
      }
    }
    return null;
  }
}
