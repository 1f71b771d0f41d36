package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.CodePoints;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.grammar.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How JSON spells strings. */
public final class JsonText {
  private static final CodePoints ESCAPED = CodePoints.among("\"\\").or(CodePoints.of(0, 0x1f));

  /** Characters that stand for themselves. */
  static final CodePoints PLAIN = ESCAPED.not();

  private JsonText() {}

  /** One character of a set, escaped only where it must be. */
  public static Expr one(CodePoints set) {
    List<Expr> options = new ArrayList<>();
    CodePoints plain = set.and(PLAIN);
    if (!plain.isEmpty()) {
      options.add(Utf8.one(plain));
    }
    List<String> escapes = new ArrayList<>();
    for (CodePoints.Range range : set.and(ESCAPED).ranges()) {
      for (int c = range.from(); c <= range.to(); c++) {
        escapes.add(escape((char) c));
      }
    }
    if (!escapes.isEmpty()) {
      options.add(new Expr.Literals(escapes));
    }
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
    };
  }

  /** Writes a string in quotes. */
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (ESCAPED.contains(c)) {
        out.append(escape(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** A string in quotes. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder();
    quote(text, out);
    return out.toString();
  }
}
