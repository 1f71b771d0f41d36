package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays of a schema: the items that have a place of their own, all of them, then any others. */
final class ArrayGrammar {
  private final SchemaCompiler compiler;
  private final Schema schema;

  ArrayGrammar(SchemaCompiler compiler, Schema schema) {
    this.compiler = compiler;
    this.schema = schema;
  }

  Expr expr() {
    boolean old = schema.get("items") instanceof JsonArray;
    String prefix = old ? "items" : "prefixItems";
    String others = old ? "additionalItems" : "items";
    List<JsonValue> first = schema.list(prefix);
    int min = schema.count("minItems", 0);
    int max = schema.count("maxItems", Expr.UNBOUNDED);
    if (min > max) {
      throw schema.error("expected minItems up to maxItems, got " + min + " and " + max);
    }
    if (schema.has("uniqueItems") && schema.flag("uniqueItems") && max > 1) {
      throw schema.error("the keyword uniqueItems cannot be enforced for more than one item");
    }
    JsonValue rest = schema.get(others);
    if (first.isEmpty()) {
      return JsonGrammar.list("[", item(others, rest), min, closed(rest) ? 0 : max, "]");
    }
    return tuple(prefix, first, others, rest, min, max);
  }

  private static boolean closed(@Nullable JsonValue rest) {
    return rest != null && rest.equals(Json.FALSE);
  }

  private Expr item(String keyword, @Nullable JsonValue item) {
    if (item == null) {
      return compiler.any();
    }
    // The first item and the others are the same rule.
    Expr.Rule rule = new Expr.Rule(schema.place() + "/" + keyword);
    rule.define(compiler.value(rule.name(), item));
    return rule;
  }

  private Expr tuple(
      String prefix,
      List<JsonValue> first,
      String others,
      @Nullable JsonValue rest,
      int min,
      int max) {
    List<Expr> parts = new ArrayList<>();
    parts.add(Expr.text("["));
    parts.add(JsonGrammar.SPACE);
    for (int i = 0; i < Math.min(first.size(), max); i++) {
      if (i > 0) {
        parts.add(JsonGrammar.COMMA);
      }
      parts.add(compiler.value(schema.place() + "/" + prefix + "/" + i, first.get(i)));
    }
    int missing = Math.max(0, min - first.size());
    if (missing > 0 || rest != null && !closed(rest) && max > first.size()) {
      Expr more = Expr.sequence(JsonGrammar.COMMA, closed(rest) ? Expr.NEVER : item(others, rest));
      int most = max == Expr.UNBOUNDED ? max : max - first.size();
      parts.add(new Expr.Repeat(more, missing, most));
    }
    if (max > 0) {
      parts.add(JsonGrammar.SPACE);
    }
    parts.add(Expr.text("]"));
    return new Expr.Sequence(parts);
  }
}
