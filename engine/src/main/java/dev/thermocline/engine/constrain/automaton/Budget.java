package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.ConstraintException;

/** Bounds the work that one question may cost, in steps rather than in time. */
final class Budget {
  /** Some tens of milliseconds; a mask of a usual schema takes a thousandth of it. */
  private static final int STEPS = 1_000_000;

  private int left;

  void refill() {
    left = STEPS;
  }

  void spend() {
    if (--left < 0) {
      throw new ConstraintException(
          "constraint: expected a grammar that needs at most "
              + STEPS
              + " steps for a token, this one is too ambiguous");
    }
  }
}
