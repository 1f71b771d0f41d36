package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.grammar.Expr;
import org.jspecify.annotations.Nullable;

/**
 * Replaces counts that no single token can bring to a bound by one that stands for them, so that
 * the thousandth character of a long string has the mask of the first.
 */
final class Models {
  private final Program program;
  private final FrameTable frames;
  private final int longest;

  Models(Program program, FrameTable frames, int longest) {
    this.program = program;
    this.frames = frames;
    this.longest = longest;
  }

  @SuppressWarnings("ReferenceEquality") // an unchanged stack is the same object
  State of(State state) {
    @Nullable Frame[] stacks = new Frame[state.stacks.length];
    boolean same = true;
    for (int i = 0; i < stacks.length; i++) {
      stacks[i] = model(state.stacks[i]);
      same &= stacks[i] == state.stacks[i];
    }
    return same ? state : new State(state.nodes, stacks, state.accepting, state.next.length);
  }

  private @Nullable Frame model(@Nullable Frame top) {
    Frame[] stack = new Frame[Frame.depth(top)];
    int changed = 0;
    for (Frame frame = top; frame != null; frame = frame.below) {
      stack[frame.depth - 1] = frame;
    }
    while (changed < stack.length && rounds(stack[changed]) == stack[changed].rounds) {
      changed++;
    }
    Frame made = changed == 0 ? null : stack[changed - 1];
    for (int i = changed; i < stack.length; i++) {
      made = frames.of(stack[i].node, rounds(stack[i]), made);
    }
    return made;
  }

  private int rounds(Frame frame) {
    int done = frame.rounds;
    if (done < 0) {
      return done;
    }
    int least = program.least(frame.node);
    int most = program.most(frame.node);
    if (done < least) {
      return (long) done + longest < least ? 0 : done;
    }
    return most == Expr.UNBOUNDED || (long) done + longest < most ? least : done;
  }
}
