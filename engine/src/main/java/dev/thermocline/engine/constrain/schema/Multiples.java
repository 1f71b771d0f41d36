package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Decimal numbers that are multiples of one: the digits so far, modulo the step in units of its
 * last place, are a state, and so is the number of digits after the point.
 */
final class Multiples {
  private static final int MOST_STATES = 10_000;

  private final int step;
  private final int places;
  private final Expr.Rule[][] rules;

  private Multiples(int step, int places) {
    this.step = step;
    this.places = places;
    this.rules = new Expr.Rule[places + 1][step];
  }

  /**
   * Multiples of a positive number.
   *
   * @throws ConstraintException if it takes too many states
   */
  static Expr of(String place, BigDecimal of) {
    int places = Math.max(0, of.stripTrailingZeros().scale());
    BigDecimal step = of.scaleByPowerOfTen(places);
    if (places > 15 || step.compareTo(BigDecimal.valueOf(MOST_STATES / (places + 1))) > 0) {
      throw new ConstraintException(
          place
              + ": expected a step whose multiples take at most "
              + MOST_STATES
              + " states, got "
              + of.toPlainString());
    }
    return new Multiples(step.intValueExact(), places).number();
  }

  private Expr number() {
    for (int place = 0; place <= places; place++) {
      for (int rest = 0; rest < step; rest++) {
        rules[place][rest] = new Expr.Rule("multiples of a number");
      }
    }
    for (int place = 0; place <= places; place++) {
      for (int rest = 0; rest < step; rest++) {
        rules[place][rest].define(after(place, rest));
      }
    }
    List<Expr> first = new ArrayList<>();
    first.add(Expr.sequence(Expr.text("0"), end(0, 0)));
    for (int digit = 1; digit <= 9; digit++) {
      first.add(Expr.sequence(digit(digit), rules[0][digit % step]));
    }
    return Expr.sequence(Expr.optional(Expr.text("-")), new Expr.Choice(first));
  }

  /** What may follow when the digits so far leave {@code rest}, {@code place} after the point. */
  private Expr after(int place, int rest) {
    List<Expr> options = new ArrayList<>();
    if (place == 0 || place < places) {
      int next = place == 0 ? 0 : place + 1;
      for (int digit = 0; digit <= 9; digit++) {
        options.add(Expr.sequence(digit(digit), rules[next][(rest * 10 + digit) % step]));
      }
    }
    options.add(end(place, rest));
    return new Expr.Choice(options);
  }

  /** The end of the number, or, after its whole part, the point and a digit. */
  private Expr end(int place, int rest) {
    List<Expr> options = new ArrayList<>();
    long scaled = rest;
    for (int i = place; i < places; i++) {
      scaled = scaled * 10 % step;
    }
    if (scaled == 0) {
      options.add(Expr.EMPTY);
    }
    if (place == 0 && places > 0) {
      for (int digit = 0; digit <= 9; digit++) {
        options.add(
            Expr.sequence(Expr.text("."), digit(digit), rules[1][(rest * 10 + digit) % step]));
      }
    }
    return new Expr.Choice(options);
  }

  private static Expr digit(int digit) {
    return new Expr.Bytes(ByteSet.of('0' + digit));
  }
}
