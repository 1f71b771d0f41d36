package dev.thermocline.engine.constrain.automaton;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts with their common beginnings shared, so that a long list of them stays deterministic. */
final class LiteralTree {
  private final List<Map<Integer, Integer>> children = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();

  LiteralTree(List<String> texts) {
    grow();
    for (String text : texts) {
      int at = 0;
      for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
        Integer child = children.get(at).get(value & 0xff);
        if (child == null) {
          child = grow();
          children.get(at).put(value & 0xff, child);
        }
        at = child;
      }
      ends.set(at, true);
    }
  }

  private int grow() {
    children.add(new HashMap<>(2));
    ends.add(false);
    return children.size() - 1;
  }

  /** Adds the tree to a program; children come after their parents here, so the last goes first. */
  int add(ProgramBuilder builder, int next) {
    int[] nodes = new int[children.size()];
    for (int i = nodes.length - 1; i >= 0; i--) {
      int at = ends.get(i) ? next : -1;
      for (Map.Entry<Integer, Integer> child : children.get(i).entrySet()) {
        int read = builder.read(child.getKey(), nodes[child.getValue()]);
        at = at < 0 ? read : builder.split(read, at);
      }
      nodes[i] = at;
    }
    return nodes[0];
  }
}
