package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a schema: members in the order of their declaration, optional ones left out at will,
 * then others where the schema speaks of them.
 */
final class ObjectGrammar {
  private static final int MOST_RULES = 50_000;

  private final SchemaCompiler compiler;
  private final Schema schema;
  private final List<Expr> members = new ArrayList<>();
  private final List<Boolean> required = new ArrayList<>();
  private final @Nullable Expr other;
  private final int min;
  private final int max;
  private final int cap;
  private final Expr.Rule[][] rules;

  ObjectGrammar(SchemaCompiler compiler, Schema schema) {
    this.compiler = compiler;
    this.schema = schema;
    Set<String> needed = new LinkedHashSet<>(schema.strings("required"));
    Map<String, JsonValue> declared = declared(needed);
    declared.forEach((name, value) -> {
      members.add(member(name, value));
      required.add(needed.contains(name));
    });
    other = new OtherMembers(compiler, schema, List.copyOf(declared.keySet())).expr();
    min = least(needed);
    max = most();
    cap = max == Expr.UNBOUNDED ? Math.max(1, min) : max;
    if ((long) (members.size() + 1) * (cap + 1) > MOST_RULES) {
      throw schema.error("minProperties and maxProperties take more than " + MOST_RULES + " rules");
    }
    rules = new Expr.Rule[members.size() + 1][cap + 1];
  }

  /** Declared members, those that match patterns, and required ones without a schema. */
  private Map<String, JsonValue> declared(Set<String> needed) {
    Map<String, JsonValue> declared = SchemaCompiler.copy(schema.map("properties"));
    Map<String, Predicate<String>> patterns = new LinkedHashMap<>();
    for (String pattern : schema.map("patternProperties").keySet()) {
      Expr quoted = JsonGrammar.quoted(Scalars.pattern(schema, pattern));
      patterns.put(pattern, compiler.languages().matcher("schema, " + schema.place(), quoted));
    }
    JsonValue additional = schema.get("additionalProperties");
    for (String name : needed) {
      boolean patterned = patterns.values().stream().anyMatch(p -> p.test(JsonText.quote(name)));
      declared.putIfAbsent(name, additional == null || patterned ? Json.TRUE : additional);
    }
    patterns.forEach((pattern, matcher) -> {
      JsonValue value = schema.map("patternProperties").getOrDefault(pattern, Json.TRUE);
      declared.replaceAll(
          (name, known) -> matcher.test(JsonText.quote(name)) ? combined(known, value) : known);
    });
    return declared;
  }

  private static JsonValue combined(JsonValue known, JsonValue value) {
    return known.equals(Json.TRUE) ? value : Merge.allOf(known, value);
  }

  private Expr member(String name, JsonValue value) {
    Expr.Rule rule = new Expr.Rule(schema.place() + "/properties/" + name);
    rule.define(
        Expr.sequence(
            JsonGrammar.name(name), JsonGrammar.COLON, compiler.value(rule.name(), value)));
    return rule;
  }

  private int least(Set<String> needed) {
    int least = schema.count("minProperties", 0);
    if (least <= needed.size()) {
      return 0;
    }
    // A model may say a name twice, and then it counts once.
    if (least > members.size() && !(members.isEmpty() && least == 1)) {
      throw schema.error("minProperties cannot be enforced for names that are not declared");
    }
    return least;
  }

  private int most() {
    int most = schema.count("maxProperties", Expr.UNBOUNDED);
    return other == null && most >= members.size() ? Expr.UNBOUNDED : most;
  }

  Expr expr() {
    for (int at = members.size(); at >= 0; at--) {
      for (int count = 0; count <= cap; count++) {
        rules[at][count] = new Expr.Rule(schema.place());
      }
    }
    for (int at = members.size(); at >= 0; at--) {
      for (int count = 0; count <= cap; count++) {
        rules[at][count].define(from(at, count));
      }
    }
    return Expr.sequence(Expr.text("{"), JsonGrammar.SPACE, rules[0][0]);
  }

  /**
   * What may come when {@code count} members are written and the next declared one is {@code at}.
   */
  private Expr from(int at, int count) {
    List<Expr> options = new ArrayList<>();
    boolean last = at == members.size();
    Expr next = last ? other : members.get(at);
    if (next != null && count < max && !(last && count > 0 && count < min)) {
      Expr separator = count == 0 ? Expr.EMPTY : JsonGrammar.COMMA;
      Expr.Rule after = rules[last ? at : at + 1][Math.min(count + 1, cap)];
      options.add(Expr.sequence(separator, next, after));
    }
    if (last && count >= min) {
      options.add(Expr.sequence(count == 0 ? Expr.EMPTY : JsonGrammar.SPACE, Expr.text("}")));
    }
    if (!last && !required.get(at)) {
      options.add(rules[at + 1][count]);
    }
    return new Expr.Choice(options);
  }
}
