package dev.thermocline.engine.constrain.tools;

import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any text up to a marker, and what follows the marker: one rule for every beginning of the marker
 * that the text may just have ended with (Knuth, Morris and Pratt, 1977).
 */
final class FreeText {
  /** White space before an answer. */
  static final Expr SPACE =
      new Expr.Repeat(new Expr.Bytes(ByteSet.range('\t', '\r').withRange(' ', ' ')), 0, 8);

  private final byte[] marker;
  private final @Nullable Integer token;
  private final Expr.Rule[] rules;

  /**
   * Sets the rules up.
   *
   * @param token the control token that the marker may be as well
   */
  FreeText(String marker, @Nullable Integer token) {
    this.marker = marker.getBytes(StandardCharsets.UTF_8);
    this.token = token;
    rules = new Expr.Rule[this.marker.length];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = new Expr.Rule("text up to " + marker);
    }
  }

  /** The text; usable in what comes after it, before that is set. */
  Expr start() {
    return rules[0];
  }

  /**
   * Sets what follows the marker.
   *
   * @param mayEnd whether the text may end without it
   */
  void then(Expr after, boolean mayEnd) {
    for (int matched = 0; matched < rules.length; matched++) {
      rules[matched].define(from(matched, after, mayEnd));
    }
  }

  private Expr from(int matched, Expr after, boolean mayEnd) {
    Map<Integer, ByteSet> targets = new HashMap<>();
    for (int value = 0; value < 256; value++) {
      targets.merge(next(matched, value), ByteSet.of(value), ByteSet::or);
    }
    List<Expr> options = new ArrayList<>();
    targets.forEach((target, set) ->
        options.add(
            Expr.sequence(new Expr.Bytes(set), target == marker.length ? after : rules[target])));
    if (token != null) {
      options.add(Expr.sequence(new Expr.Special(token), after));
    }
    options.add(
        Expr.sequence(new Expr.AnySpecial(token == null ? Set.of() : Set.of(token)), rules[0]));
    if (mayEnd) {
      options.add(Expr.EMPTY);
    }
    return new Expr.Choice(options);
  }

  /** How much of the marker the text ends with after one more byte. */
  private int next(int matched, int value) {
    for (int length = matched + 1; length > 0; length--) {
      if (value == (marker[length - 1] & 0xff) && endsWith(matched, length - 1)) {
        return length;
      }
    }
    return 0;
  }

  /** Whether the first {@code matched} bytes end with the first {@code length}. */
  private boolean endsWith(int matched, int length) {
    return java.util.Arrays.equals(marker, matched - length, matched, marker, 0, length);
  }

  /** Any text, of any length. */
  static Expr any() {
    return Expr.many(Expr.choice(new Expr.Bytes(ByteSet.ALL), new Expr.AnySpecial(Set.of())));
  }

  /**
   * Any text that begins neither with a prefix nor with white space nor with a token.
   *
   * @param prefix of at least two bytes
   */
  static Expr notBeginning(String prefix, @Nullable Integer token) {
    byte[] utf8 = prefix.getBytes(StandardCharsets.UTF_8);
    Expr rest = Expr.optional(differing(utf8, utf8.length - 1, Set.of()));
    for (int i = utf8.length - 2; i >= 0; i--) {
      Set<Integer> except = i == 0 && token != null ? Set.of(token) : Set.of();
      Expr same = Expr.sequence(new Expr.Bytes(ByteSet.of(utf8[i] & 0xff)), rest);
      rest = Expr.optional(Expr.choice(differing(utf8, i, except), same));
    }
    return rest;
  }

  private static Expr differing(byte[] prefix, int at, Set<Integer> except) {
    ByteSet set = ByteSet.NONE;
    for (int value = 0; value < 256; value++) {
      boolean space = at == 0 && value <= ' ' && Character.isWhitespace(value);
      if (value != (prefix[at] & 0xff) && !space) {
        set = set.withRange(value, value);
      }
    }
    return Expr.sequence(Expr.choice(new Expr.Bytes(set), new Expr.AnySpecial(except)), any());
  }
}
