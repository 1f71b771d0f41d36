package dev.thermocline.engine.constrain;

import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The slow oracle: what may follow a byte, as an expression again (Brzozowski, 1964). Knows no
 * stacks, states or counts.
 */
final class Derivatives {
  private Derivatives() {}

  /** What is left of an expression after a text, {@link Expr#NEVER} if it cannot begin so. */
  static Expr after(Expr expr, byte[] text) {
    Expr left = expr;
    for (byte b : text) {
      left = derive(left, b & 0xff);
    }
    return left;
  }

  static boolean isNever(Expr expr) {
    return expr.equals(Expr.NEVER);
  }

  private static Expr derive(Expr expr, int symbol) {
    return switch (expr) {
      case Expr.Bytes bytes -> bytes.set().contains(symbol) ? Expr.EMPTY : Expr.NEVER;
      case Expr.Special special -> Expr.NEVER;
      case Expr.AnySpecial any -> Expr.NEVER;
      case Expr.Literals literals -> derive(spelled(literals), symbol);
      case Expr.Sequence sequence -> derive(sequence.parts(), symbol);
      case Expr.Choice choice ->
          choice(choice.options().stream().map(option -> derive(option, symbol)).toList());
      case Expr.Repeat repeat -> derive(repeat, symbol);
      case Expr.Rule rule -> derive(rule.body(), symbol);
    };
  }

  private static Expr spelled(Expr.Literals literals) {
    return new Expr.Choice(literals.texts().stream().map(Expr::text).toList());
  }

  private static Expr derive(List<Expr> parts, int symbol) {
    List<Expr> options = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<Expr> left = new ArrayList<>();
      left.add(derive(parts.get(i), symbol));
      left.addAll(parts.subList(i + 1, parts.size()));
      options.add(sequence(left));
      if (!isNullable(parts.get(i))) {
        break;
      }
    }
    return choice(options);
  }

  private static Expr derive(Expr.Repeat repeat, int symbol) {
    if (repeat.max() == 0) {
      return Expr.NEVER;
    }
    int max = repeat.max() == Expr.UNBOUNDED ? Expr.UNBOUNDED : repeat.max() - 1;
    Expr rest = new Expr.Repeat(repeat.body(), Math.max(0, repeat.min() - 1), max);
    return sequence(List.of(derive(repeat.body(), symbol), rest));
  }

  private static Expr sequence(List<Expr> parts) {
    List<Expr> flat = new ArrayList<>();
    for (Expr part : parts) {
      if (isNever(part)) {
        return Expr.NEVER;
      }
      if (part instanceof Expr.Sequence inner) {
        flat.addAll(inner.parts());
      } else if (!(part instanceof Expr.Repeat empty && empty.max() == 0)) {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Expr.Sequence(flat);
  }

  private static Expr choice(List<Expr> options) {
    List<Expr> kept = new ArrayList<>();
    Set<Expr> seen = new HashSet<>();
    for (Expr option : options) {
      List<Expr> inner = option instanceof Expr.Choice choice ? choice.options() : List.of(option);
      for (Expr each : inner) {
        if (seen.add(each)) {
          kept.add(each);
        }
      }
    }
    return kept.size() == 1 ? kept.getFirst() : new Expr.Choice(kept);
  }

  static boolean isNullable(Expr expr) {
    return switch (expr) {
      case Expr.Bytes bytes -> false;
      case Expr.Special special -> false;
      case Expr.AnySpecial any -> false;
      case Expr.Literals literals -> literals.texts().contains("");
      case Expr.Sequence sequence -> sequence.parts().stream().allMatch(Derivatives::isNullable);
      case Expr.Choice choice -> choice.options().stream().anyMatch(Derivatives::isNullable);
      case Expr.Repeat repeat -> repeat.min() == 0 || isNullable(repeat.body());
      case Expr.Rule rule -> isNullable(rule.body());
    };
  }

  static Expr bytes(String among) {
    ByteSet set = ByteSet.NONE;
    for (byte b : among.getBytes(StandardCharsets.UTF_8)) {
      set = set.withRange(b & 0xff, b & 0xff);
    }
    return new Expr.Bytes(set);
  }
}
