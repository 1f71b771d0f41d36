package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.ByteSet;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.grammar.Utf8;
import java.util.List;

/**
 * The pieces of JSON. White space is free where people put it, once each and bounded, so that no
 * model can go on with it for ever; so are the digits of numbers.
 */
final class JsonGrammar {
  private static final Expr HEX =
      new Expr.Bytes(ByteSet.range('0', '9').withRange('a', 'f').withRange('A', 'F'));
  private static final Expr DIGIT = new Expr.Bytes(ByteSet.range('0', '9'));
  private static final Expr NON_ZERO = new Expr.Bytes(ByteSet.range('1', '9'));
  private static final int INDENT = 40;

  /** After an opening bracket or a comma, before a closing bracket: a space, or a line's start. */
  static final Expr SPACE =
      Expr.optional(
          Expr.choice(
              Expr.text(" "),
              Expr.sequence(Expr.text("\n"), new Expr.Repeat(Expr.text(" "), 0, INDENT)),
              Expr.sequence(Expr.text("\n"), new Expr.Repeat(Expr.text("\t"), 1, INDENT / 4))));

  static final Expr COLON = Expr.sequence(Expr.text(":"), Expr.optional(Expr.text(" ")));
  static final Expr COMMA = Expr.sequence(Expr.text(","), SPACE);

  /** One character of a string, however it is spelled. */
  static final Expr CHARACTER = character();

  static final Expr STRING = quoted(Expr.many(CHARACTER));
  static final Expr NULL = Expr.text("null");
  static final Expr BOOLEAN = new Expr.Literals(List.of("true", "false"));

  /** What a long holds. */
  static final Expr INTEGER =
      Expr.choice(
          Expr.text("0"),
          Expr.sequence(Expr.optional(Expr.text("-")), NON_ZERO, new Expr.Repeat(DIGIT, 0, 17)));

  static final Expr NUMBER = number();

  private JsonGrammar() {}

  private static Expr character() {
    Expr unit = Expr.sequence(HEX, HEX);
    // \\uXXXX except for surrogates, and surrogates in pairs.
    Expr plane =
        Expr.choice(
            Expr.sequence(
                new Expr.Bytes(
                    ByteSet.range('0', '9')
                        .withRange('a', 'c')
                        .withRange('e', 'f')
                        .withRange('A', 'C')
                        .withRange('E', 'F')),
                HEX,
                unit),
            Expr.sequence(oneOf("dD"), oneOf("01234567"), unit),
            Expr.sequence(
                oneOf("dD"),
                oneOf("89abAB"),
                unit,
                Expr.text("\\u"),
                oneOf("dD"),
                Expr.sequence(oneOf("cdefCDEF"), unit)));
    return Expr.choice(
        Utf8.one(JsonText.PLAIN),
        Expr.sequence(
            Expr.text("\\"),
            Expr.choice(oneOf("\"\\/bfnrt"), Expr.sequence(Expr.text("u"), plane))));
  }

  private static Expr number() {
    Expr whole =
        Expr.choice(Expr.text("0"), Expr.sequence(NON_ZERO, new Expr.Repeat(DIGIT, 0, 15)));
    Expr fraction = Expr.sequence(Expr.text("."), new Expr.Repeat(DIGIT, 1, 16));
    Expr exponent =
        Expr.sequence(oneOf("eE"), Expr.optional(oneOf("+-")), new Expr.Repeat(DIGIT, 1, 2));
    return Expr.sequence(
        Expr.optional(Expr.text("-")), whole, Expr.optional(fraction), Expr.optional(exponent));
  }

  private static Expr oneOf(String characters) {
    ByteSet set = ByteSet.NONE;
    for (int i = 0; i < characters.length(); i++) {
      set = set.withRange(characters.charAt(i), characters.charAt(i));
    }
    return new Expr.Bytes(set);
  }

  static Expr quoted(Expr inner) {
    return Expr.sequence(Expr.text("\""), inner, Expr.text("\""));
  }

  /** A name of a member in quotes, without escapes, so that no two spellings are one name. */
  static Expr anyName() {
    return quoted(Expr.many(JsonText.one(JsonText.PLAIN)));
  }

  static Expr name(String name) {
    return Expr.text(JsonText.quote(name));
  }

  /** Members or items in brackets, at least {@code min} and at most {@code max} of them. */
  static Expr list(String open, Expr item, int min, int max, String close) {
    if (max == 0) {
      return Expr.sequence(Expr.text(open), SPACE, Expr.text(close));
    }
    Expr rest =
        new Expr.Repeat(
            Expr.sequence(COMMA, item),
            Math.max(0, min - 1),
            max == Expr.UNBOUNDED ? max : max - 1);
    Expr items = Expr.sequence(item, rest, SPACE);
    return Expr.sequence(
        Expr.text(open), SPACE, min == 0 ? Expr.optional(items) : items, Expr.text(close));
  }
}
