package dev.thermocline.engine.constrain.automaton;

import java.util.Arrays;

/**
 * What can be said about the nodes of a program before it runs. Each fact starts at the returning
 * node and spreads to the nodes that depend on it, until nothing changes.
 */
final class Reachability {
  /** Deepest stack: what would nest deeper, and parsers of JSON would not accept, is not begun. */
  static final int MOST_FRAMES = 400;

  /** A need that no stack meets. */
  static final int NEVER = 1 << 20;

  private final Program program;
  private final int[] firstDependent;
  private final int[] dependents;
  private final int[] queue;
  private final boolean[] queued;
  private int head;
  private int tail;

  private Reachability(Program program) {
    this.program = program;
    int size = program.size();
    queue = new int[size];
    queued = new boolean[size];
    firstDependent = new int[size + 1];
    for (int node = 0; node < size; node++) {
      count(node);
    }
    for (int i = 0; i < size; i++) {
      firstDependent[i + 1] += firstDependent[i];
    }
    dependents = new int[firstDependent[size]];
    int[] fill = Arrays.copyOf(firstDependent, size);
    for (int node = 0; node < size; node++) {
      depend(node, fill);
    }
  }

  private void count(int node) {
    switch (program.kind[node]) {
      case Program.READ -> firstDependent[program.b[node] + 1]++;
      case Program.SPLIT, Program.CALL, Program.LOOP -> {
        firstDependent[program.a[node] + 1]++;
        firstDependent[program.next(node) + 1]++;
      }
      default -> {}
    }
  }

  private void depend(int node, int[] fill) {
    switch (program.kind[node]) {
      case Program.READ -> dependents[fill[program.b[node]]++] = node;
      case Program.SPLIT, Program.CALL, Program.LOOP -> {
        dependents[fill[program.a[node]]++] = node;
        dependents[fill[program.next(node)]++] = node;
      }
      default -> {}
    }
  }

  private void pushDependents(int node) {
    for (int i = firstDependent[node]; i < firstDependent[node + 1]; i++) {
      int dependent = dependents[i];
      if (!queued[dependent]) {
        queued[dependent] = true;
        queue[tail++ % queue.length] = dependent;
      }
    }
  }

  private int pop() {
    int node = queue[head++ % queue.length];
    queued[node] = false;
    return node;
  }

  static boolean[] nullable(Program program) {
    Reachability spread = new Reachability(program);
    boolean[] nullable = new boolean[program.size()];
    nullable[Program.END] = true;
    spread.pushDependents(Program.END);
    while (spread.head < spread.tail) {
      int node = spread.pop();
      if (!nullable[node] && spread.isNullable(node, nullable)) {
        nullable[node] = true;
        spread.pushDependents(node);
      }
    }
    return nullable;
  }

  private boolean isNullable(int node, boolean[] nullable) {
    boolean inner = nullable[program.a[node]];
    return switch (program.kind[node]) {
      case Program.SPLIT -> inner || nullable[program.b[node]];
      case Program.CALL -> inner && nullable[program.b[node]];
      case Program.LOOP -> (inner || program.least(node) == 0) && nullable[program.next(node)];
      default -> false;
    };
  }

  static int[] need(Program program) {
    Reachability spread = new Reachability(program);
    int[] need = new int[program.size()];
    Arrays.fill(need, NEVER);
    need[Program.END] = 0;
    spread.pushDependents(Program.END);
    while (spread.head < spread.tail) {
      int node = spread.pop();
      int frames = spread.frames(node, need);
      if (frames < need[node] && frames <= MOST_FRAMES) {
        need[node] = frames;
        spread.pushDependents(node);
      }
    }
    return need;
  }

  private int frames(int node, int[] need) {
    return switch (program.kind[node]) {
      case Program.READ -> need[program.b[node]];
      case Program.SPLIT -> Math.min(need[program.a[node]], need[program.b[node]]);
      case Program.CALL ->
          program.b[node] == Program.END
              ? need[program.a[node]]
              : Math.max(1 + need[program.a[node]], need[program.b[node]]);
      case Program.LOOP ->
          program.least(node) == 0
              ? need[program.next(node)]
              : Math.max(1 + need[program.a[node]], need[program.next(node)]);
      default -> NEVER;
    };
  }
}
