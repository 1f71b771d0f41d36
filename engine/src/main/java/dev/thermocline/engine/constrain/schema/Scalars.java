package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.automaton.Languages;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.regex.RegexParser;
import dev.thermocline.engine.constrain.schema.NumberRange.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Strings and numbers of a schema. */
final class Scalars {
  private Scalars() {}

  static Expr string(Languages languages, Schema schema) {
    List<Expr> all = new ArrayList<>();
    int min = schema.count("minLength", 0);
    int max = schema.count("maxLength", Expr.UNBOUNDED);
    if (min > max) {
      throw schema.error("expected minLength up to maxLength, got " + min + " and " + max);
    }
    if (min > 0 || max < Expr.UNBOUNDED) {
      all.add(JsonGrammar.quoted(new Expr.Repeat(JsonGrammar.CHARACTER, min, max)));
    }
    for (String pattern : schema.strings("pattern")) {
      all.add(JsonGrammar.quoted(pattern(schema, pattern)));
    }
    for (String format : schema.strings("format")) {
      all.add(JsonGrammar.quoted(format(schema, format)));
    }
    if (all.isEmpty()) {
      return JsonGrammar.STRING;
    }
    Expr both = all.getFirst();
    for (Expr other : all.subList(1, all.size())) {
      both = languages.and("schema, " + schema.place(), both, other);
    }
    return both;
  }

  static Expr pattern(Schema schema, String pattern) {
    try {
      return RegexParser.anywhere(pattern, JsonText::one);
    } catch (dev.thermocline.engine.constrain.ConstraintException e) {
      throw schema.error(String.valueOf(e.getMessage()));
    }
  }

  private static Expr format(Schema schema, String format) {
    String pattern =
        Formats.pattern(format)
            .orElseThrow(() ->
                schema.error(
                    "format: expected one of "
                        + String.join(", ", Formats.names().stream().sorted().toList())
                        + ", got "
                        + format));
    return RegexParser.whole(pattern, JsonText::one);
  }

  static Expr number(Languages languages, Schema schema, boolean whole) {
    Bound low = bound(schema, "minimum", "exclusiveMinimum", 1);
    Bound high = bound(schema, "maximum", "exclusiveMaximum", -1);
    Optional<BigDecimal> step = schema.number("multipleOf");
    if (low == null && high == null && step.isEmpty()) {
      return whole ? JsonGrammar.INTEGER : JsonGrammar.NUMBER;
    }
    Expr range = NumberRange.between(whole, low, high);
    if (step.isEmpty()) {
      return range;
    }
    if (step.get().signum() <= 0) {
      throw schema.error("multipleOf: expected a positive number, got " + step.get());
    }
    String place = "schema, " + schema.place() + "/multipleOf";
    return languages.and(place, range, Multiples.of(place, step.get()));
  }

  /** The stricter of a bound that is in and one that is not. */
  private static @Nullable Bound bound(Schema schema, String in, String out, int sign) {
    Optional<BigDecimal> included = schema.number(in);
    Optional<BigDecimal> excluded = schema.number(out);
    if (excluded.isPresent()
        && (included.isEmpty() || excluded.get().compareTo(included.get()) * sign >= 0)) {
      return new Bound(excluded.get(), false);
    }
    return included.map(value -> new Bound(value, true)).orElse(null);
  }
}
