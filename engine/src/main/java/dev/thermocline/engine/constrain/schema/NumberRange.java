package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decimal numbers between two bounds, written without exponent and without a sign on zero.
 * Fractions are short enough that a double keeps a number on its side of a bound.
 */
final class NumberRange {
  private static final Expr DIGIT = digits(0, 9);
  private static final int MOST_WHOLE = 15;
  private static final int MOST_FRACTION = 15;

  /** A bound and whether it is in. */
  record Bound(BigDecimal value, boolean in) {}

  private final boolean whole;
  private final int fraction;

  private NumberRange(boolean whole, int fraction) {
    this.whole = whole;
    this.fraction = fraction;
  }

  /**
   * Numbers between bounds; null for none.
   *
   * @param whole whether only whole numbers are allowed
   */
  static Expr between(boolean whole, @Nullable Bound low, @Nullable Bound high) {
    int size = Math.max(wholeDigits(low), wholeDigits(high));
    int needed = Math.max(scale(low), scale(high));
    int fraction = Math.max(needed + 1, Math.max(1, MOST_FRACTION - size));
    NumberRange range = new NumberRange(whole, fraction);
    Bound limit = new Bound(BigDecimal.TEN.pow(Math.max(MOST_WHOLE, size + 1)), false);
    Bound least = low == null ? negated(limit) : low;
    Bound most = high == null ? limit : high;
    List<Expr> options = new ArrayList<>();
    Bound zero = new Bound(BigDecimal.ZERO, true);
    if (signed(most) >= 0) {
      options.add(range.positive(signed(least) < 0 ? zero : least, most));
    }
    if (signed(least) < 0) {
      Bound above = signed(most) >= 0 ? new Bound(BigDecimal.ZERO, false) : negated(most);
      options.add(Expr.sequence(Expr.text("-"), range.positive(above, negated(least))));
    }
    return new Expr.Choice(options);
  }

  private static int signed(Bound bound) {
    return bound.value().signum();
  }

  private static Bound negated(Bound bound) {
    return new Bound(bound.value().negate(), bound.in());
  }

  private static int wholeDigits(@Nullable Bound bound) {
    return bound == null ? 1 : bound.value().toBigInteger().abs().toString().length();
  }

  private static int scale(@Nullable Bound bound) {
    return bound == null ? 0 : Math.max(0, bound.value().stripTrailingZeros().scale());
  }

  /** Numbers from one bound that is not negative to another. */
  private Expr positive(Bound low, Bound high) {
    if (low.value().compareTo(high.value()) > 0) {
      return Expr.NEVER;
    }
    BigInteger first = low.value().toBigInteger();
    BigInteger last = high.value().toBigInteger();
    String lowFraction = fraction(low);
    String highFraction = fraction(high);
    List<Expr> options = new ArrayList<>();
    if (first.equals(last)) {
      options.add(
          Expr.sequence(
              Expr.text(first.toString()),
              fractions(new Edge(lowFraction, low.in()), new Edge(highFraction, high.in()))));
      return new Expr.Choice(options);
    }
    options.add(
        Expr.sequence(
            Expr.text(first.toString()), fractions(new Edge(lowFraction, low.in()), null)));
    options.add(
        Expr.sequence(
            Expr.text(last.toString()), fractions(null, new Edge(highFraction, high.in()))));
    Expr between = wholes(first.add(BigInteger.ONE), last.subtract(BigInteger.ONE));
    options.add(Expr.sequence(between, fractions(null, null)));
    return new Expr.Choice(options);
  }

  private static String fraction(Bound bound) {
    BigDecimal value = bound.value();
    BigDecimal part = value.subtract(new BigDecimal(value.toBigInteger())).stripTrailingZeros();
    return part.signum() == 0
        ? ""
        : part.setScale(Math.max(part.scale(), 0), RoundingMode.UNNECESSARY)
            .toPlainString()
            .substring(2);
  }

  /** Digits after the point that a fraction must reach or stay under; without trailing zeros. */
  private record Edge(String digits, boolean in) {}

  /** The rest of a number after its whole part. */
  private Expr fractions(@Nullable Edge low, @Nullable Edge high) {
    List<Expr> options = new ArrayList<>();
    // Without a point the fraction is zero.
    boolean zeroIsHigh = low == null || low.digits().isEmpty() && low.in();
    boolean zeroIsLow = high == null || !high.digits().isEmpty() || high.in();
    if (zeroIsHigh && zeroIsLow) {
      options.add(Expr.EMPTY);
    }
    if (!whole) {
      Expr point = Expr.text(".");
      options.add(Expr.sequence(point, digits(low, high, 0)));
    }
    return new Expr.Choice(options);
  }

  /** Digits from place {@code at} on, both edges met so far; at least one at the first place. */
  private Expr digits(@Nullable Edge low, @Nullable Edge high, int at) {
    if (low == null && high == null) {
      return new Expr.Repeat(DIGIT, at == 0 ? 1 : 0, Math.max(at == 0 ? 1 : 0, fraction - at));
    }
    List<Expr> options = new ArrayList<>();
    boolean reached = low == null || at > 0 && low.digits().length() <= at && low.in();
    boolean under = high == null || high.in() || high.digits().length() > at;
    if (at > 0 && reached && under) {
      options.add(Expr.EMPTY);
    }
    if (at < fraction) {
      int least = low == null ? 0 : digit(low, at);
      int most = high == null ? 9 : digit(high, at);
      for (int digit = least; digit <= most; digit++) {
        Edge nextLow = low != null && digit == least ? low : null;
        Edge nextHigh = high != null && digit == most ? high : null;
        options.add(Expr.sequence(digits(digit, digit), digits(nextLow, nextHigh, at + 1)));
      }
    }
    return new Expr.Choice(options);
  }

  private static int digit(Edge edge, int at) {
    return at < edge.digits().length() ? edge.digits().charAt(at) - '0' : 0;
  }

  /** Whole numbers from one to another, both included, without leading zeros. */
  private static Expr wholes(BigInteger from, BigInteger to) {
    if (from.compareTo(to) > 0) {
      return Expr.NEVER;
    }
    List<Expr> options = new ArrayList<>();
    int shortest = from.toString().length();
    int longest = to.toString().length();
    for (int length = shortest; length <= longest; length++) {
      String low = length == shortest ? from.toString() : "1" + "0".repeat(length - 1);
      String high = length == longest ? to.toString() : "9".repeat(length);
      options.add(sameLength(low, high));
    }
    return new Expr.Choice(options);
  }

  private static Expr sameLength(String low, String high) {
    if (low.isEmpty()) {
      return Expr.EMPTY;
    }
    int rest = low.length() - 1;
    if (low.equals("0".repeat(rest + 1)) && high.equals("9".repeat(rest + 1))) {
      return new Expr.Repeat(DIGIT, rest + 1, rest + 1);
    }
    int first = low.charAt(0) - '0';
    int last = high.charAt(0) - '0';
    if (first == last) {
      return Expr.sequence(digits(first, first), sameLength(low.substring(1), high.substring(1)));
    }
    List<Expr> options = new ArrayList<>();
    options.add(
        Expr.sequence(digits(first, first), sameLength(low.substring(1), "9".repeat(rest))));
    options.add(Expr.sequence(digits(last, last), sameLength("0".repeat(rest), high.substring(1))));
    if (first + 1 < last) {
      options.add(Expr.sequence(digits(first + 1, last - 1), new Expr.Repeat(DIGIT, rest, rest)));
    }
    return new Expr.Choice(options);
  }

  private static Expr digits(int from, int to) {
    return new Expr.Bytes(ByteSet.range('0' + from, '0' + to));
  }
}
