package dev.thermocline.engine.constrain.automaton;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes equal stacks one object. */
final class FrameTable {
  private final Map<Frame, Frame> frames = new HashMap<>();

  Frame of(int node, int rounds, @Nullable Frame below) {
    Frame frame = new Frame(node, rounds, below);
    Frame known = frames.putIfAbsent(frame, frame);
    return known == null ? frame : known;
  }

  int size() {
    return frames.size();
  }

  void clear() {
    frames.clear();
  }
}
