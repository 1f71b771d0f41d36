package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members that are not declared by name: those of patterns, and additional ones. */
final class OtherMembers {
  private final SchemaCompiler compiler;
  private final Schema schema;
  private final List<String> declared;

  OtherMembers(SchemaCompiler compiler, Schema schema, List<String> declared) {
    this.compiler = compiler;
    this.schema = schema;
    this.declared = declared;
  }

  /** One such member, null where there may be none. */
  @Nullable Expr expr() {
    Map<String, JsonValue> patterns = schema.map("patternProperties");
    List<Expr> options = new ArrayList<>();
    Expr names = undeclared();
    List<Expr> taken = new ArrayList<>();
    for (Map.Entry<String, JsonValue> pattern : patterns.entrySet()) {
      String place = schema.place() + "/patternProperties/" + pattern.getKey();
      Expr quoted = JsonGrammar.quoted(Scalars.pattern(schema, pattern.getKey()));
      Expr matching = compiler.languages().and("schema, " + place, names, quoted);
      for (Expr earlier : taken) {
        if (!compiler
            .languages()
            .isEmpty(place, compiler.languages().and("schema, " + place, matching, earlier))) {
          throw schema.error("patternProperties: expected patterns that share no name");
        }
      }
      taken.add(matching);
      options.add(member(matching, place, pattern.getValue()));
    }
    JsonValue additional = additional(patterns);
    if (!additional.equals(Json.FALSE)) {
      Expr rest = names;
      for (Expr matching : taken) {
        rest = compiler.languages().minus("schema, " + schema.place(), rest, matching);
      }
      options.add(member(rest, schema.place() + "/additionalProperties", additional));
    }
    return options.isEmpty() ? null : new Expr.Choice(options);
  }

  /** Without a word about them, an object that declares members has no others. */
  private JsonValue additional(Map<String, JsonValue> patterns) {
    JsonValue additional = schema.get("additionalProperties");
    if (additional != null) {
      return additional;
    }
    return schema.has("properties") || !patterns.isEmpty() ? Json.FALSE : Json.TRUE;
  }

  private Expr undeclared() {
    if (declared.isEmpty()) {
      return JsonGrammar.anyName();
    }
    List<String> quoted = declared.stream().map(JsonText::quote).toList();
    return compiler
        .languages()
        .minus("schema, " + schema.place(), JsonGrammar.anyName(), new Expr.Literals(quoted));
  }

  private Expr member(Expr name, String place, JsonValue value) {
    return Expr.sequence(name, JsonGrammar.COLON, compiler.value(place, value));
  }
}
