package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.automaton.Languages;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    Map<String, JsonValue> declared = declared();
    List<String> needed = schema.strings("required");
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

  /**
   * Declared members, patterns that match their names added, and required ones without a schema.
   */
  private Map<String, JsonValue> declared() {
    Map<String, JsonValue> declared = SchemaCompiler.copy(schema.map("properties"));
    JsonValue additional = schema.get("additionalProperties");
    for (String name : schema.strings("required")) {
      if (!declared.containsKey(name)) {
        boolean patterned =
            schema.map("patternProperties").keySet().stream().anyMatch(p -> matches(p, name));
        declared.put(name, additional == null || patterned ? Json.TRUE : additional);
      }
    }
    schema
        .map("patternProperties")
        .forEach((pattern, value) ->
            declared.replaceAll((name, known) ->
                matches(pattern, name)
                    ? known.equals(Json.TRUE) ? value : Merge.allOf(known, value)
                    : known));
    return declared;
  }

  private boolean matches(String pattern, String name) {
    Expr quoted = JsonGrammar.quoted(Scalars.pattern(schema, pattern));
    return Languages.matches(quoted, JsonText.quote(name));
  }

  private Expr member(String name, JsonValue value) {
    Expr.Rule rule = new Expr.Rule(schema.place() + "/properties/" + name);
    rule.define(
        Expr.sequence(
            JsonGrammar.name(name), JsonGrammar.COLON, compiler.value(rule.name(), value)));
    return rule;
  }

  private int least(List<String> needed) {
    int least = schema.count("minProperties", 0);
    if (least <= needed.stream().distinct().count()) {
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
