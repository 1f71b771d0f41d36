package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.automaton.Languages;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * JSON Schema (draft 2020-12, and what earlier drafts and OpenAPI write differently) as a grammar
 * of JSON texts that are valid. Not every valid text is in it: members come in the order in which
 * the schema declares them, objects with declared members have no others unless the schema speaks
 * of them, strings with a pattern are escaped only where they must be. What cannot be enforced is
 * refused by name.
 */
public final class SchemaCompiler {
  /** Schemas inside schemas, those counted again that references and combinations repeat. */
  private static final int MOST_SCHEMAS = 20_000;

  private static final int MOST_NESTING = 100;
  private static final int MOST_MERGES = 100;

  private final References references;
  private final Languages languages = new Languages();
  private final Exclusive exclusive = new Exclusive(this);
  private final Expr.Rule any = new Expr.Rule("any JSON value");
  private final Map<String, Expr.Rule> named = new HashMap<>();
  private final Map<Map<String, JsonValue>, Expr.Rule> combined = new HashMap<>();
  private final ArrayDeque<Runnable> open = new ArrayDeque<>();
  private int schemas;
  private int nesting;

  private SchemaCompiler(JsonValue root) {
    references = new References(root);
    Expr object =
        JsonGrammar.list(
            "{",
            Expr.sequence(JsonGrammar.anyName(), JsonGrammar.COLON, any),
            0,
            Expr.UNBOUNDED,
            "}");
    any.define(
        Expr.choice(
            object,
            JsonGrammar.list("[", any, 0, Expr.UNBOUNDED, "]"),
            JsonGrammar.STRING,
            JsonGrammar.NUMBER,
            JsonGrammar.BOOLEAN,
            JsonGrammar.NULL));
  }

  /**
   * Texts that a schema allows.
   *
   * @throws ConstraintException naming the place and keyword that cannot be enforced
   */
  public static Expr compile(String schema) {
    JsonValue root = JsonReader.read("schema", schema);
    SchemaCompiler compiler = new SchemaCompiler(root);
    Expr whole = compiler.value("#", root);
    for (Runnable next = compiler.open.poll(); next != null; next = compiler.open.poll()) {
      next.run();
    }
    return whole;
  }

  Languages languages() {
    return languages;
  }

  Expr any() {
    return any;
  }

  /** Texts of a schema at a place. */
  Expr value(String place, JsonValue schema) {
    if (schema.equals(Json.TRUE)) {
      return any;
    }
    if (schema.equals(Json.FALSE)) {
      return Expr.NEVER;
    }
    if (!(schema instanceof JsonObject object)) {
      throw new ConstraintException(
          "schema, " + place + ": expected an object, true or false, got " + schema.write());
    }
    if (++schemas > MOST_SCHEMAS) {
      throw new ConstraintException(
          "schema, " + place + ": expected at most " + MOST_SCHEMAS + " schemas inside each other");
    }
    if (++nesting > MOST_NESTING) {
      throw new ConstraintException(
          "schema, " + place + ": expected at most " + MOST_NESTING + " levels");
    }
    Expr expr = schema(Schema.of(place, object));
    nesting--;
    return expr;
  }

  private Expr schema(Schema schema) {
    if (schema.has("nullable")) {
      Expr rest = schema(schema.without("nullable"));
      return schema.flag("nullable") ? Expr.choice(rest, JsonGrammar.NULL) : rest;
    }
    if (schema.keywords().isEmpty()) {
      return any;
    }
    boolean alone = schema.keywords().size() == 1;
    if (alone && schema.has("$ref")) {
      return reference(schema);
    }
    if (schema.has("allOf") && alone && schema.list("allOf").size() == 1) {
      return value(schema.place() + "/allOf/0", schema.list("allOf").getFirst());
    }
    if (schema.has("$ref") || schema.has("allOf")) {
      return rule(flat(schema));
    }
    if (schema.has("anyOf")) {
      return branches(schema, "anyOf");
    }
    if (schema.has("oneOf")) {
      exclusive.check(schema);
      return branches(schema, "oneOf");
    }
    return leaf(schema);
  }

  private Expr reference(Schema schema) {
    String reference = schema.strings("$ref").getFirst();
    Expr.Rule known = named.get(reference);
    if (known != null) {
      return known;
    }
    JsonValue target = references.resolve(schema.place(), reference);
    Expr.Rule rule = new Expr.Rule(reference);
    named.put(reference, rule);
    // Later, so that a long chain of references is no deep recursion here.
    open.add(() -> rule.define(at(reference, target)));
    return rule;
  }

  private Expr at(String place, JsonValue schema) {
    nesting = 0;
    return value(place, schema);
  }

  /** A combination of schemas, as a rule: it may hold itself. */
  private Expr rule(Schema schema) {
    Expr.Rule known = combined.get(schema.keywords());
    if (known != null) {
      return known;
    }
    Expr.Rule rule = new Expr.Rule(schema.place());
    combined.put(schema.keywords(), rule);
    open.add(() -> {
      nesting = 0;
      schemas++;
      rule.define(schema(schema));
    });
    return rule;
  }

  /** References and allOf resolved into one schema. */
  Schema flat(Schema schema) {
    Schema flat = schema;
    for (int merges = 0; flat.has("$ref") || flat.has("allOf"); merges++) {
      if (merges > MOST_MERGES) {
        throw schema.error("expected at most " + MOST_MERGES + " schemas combined, found more");
      }
      if (flat.has("$ref")) {
        String reference = flat.strings("$ref").getFirst();
        JsonValue target = references.resolve(flat.place(), reference);
        flat = with(flat.without("$ref"), reference, target);
      } else {
        List<JsonValue> all = flat.list("allOf");
        flat = flat.without("allOf");
        for (int i = 0; i < all.size(); i++) {
          flat = with(flat, schema.place() + "/allOf/" + i, all.get(i));
        }
      }
    }
    return flat;
  }

  private static Schema with(Schema schema, String place, JsonValue other) {
    if (other.equals(Json.TRUE)) {
      return schema;
    }
    if (other instanceof JsonObject object) {
      return Merge.both(schema, Schema.of(place, object));
    }
    throw schema.error("expected schemas to combine, got " + other.write());
  }

  private Expr branches(Schema schema, String keyword) {
    Schema rest = schema.without(keyword);
    List<JsonValue> all = schema.list(keyword);
    List<Expr> options = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String place = schema.place() + "/" + keyword + "/" + i;
      JsonValue branch = all.get(i);
      boolean plain = rest.keywords().isEmpty() || branch.equals(Json.FALSE);
      options.add(plain ? value(place, branch) : rule(with(rest, place, branch)));
    }
    return new Expr.Choice(options);
  }

  private Expr leaf(Schema schema) {
    Set<Types> types = Types.of(schema);
    if (schema.has("enum") || schema.has("const")) {
      return literals(schema, types);
    }
    List<Expr> options = new ArrayList<>();
    for (Types type : types) {
      options.add(
          switch (type) {
            case OBJECT -> new ObjectGrammar(this, schema).expr();
            case ARRAY -> new ArrayGrammar(this, schema).expr();
            case STRING -> Scalars.string(languages, schema);
            case NUMBER -> Scalars.number(languages, schema, false);
            case INTEGER -> Scalars.number(languages, schema, true);
            case BOOLEAN -> JsonGrammar.BOOLEAN;
            case NULL -> JsonGrammar.NULL;
          });
    }
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private Expr literals(Schema schema, Set<Types> types) {
    Schema rest = schema.without("enum").without("const").without("type");
    List<String> texts = new ArrayList<>();
    Predicate<String> beside =
        rest.keywords().isEmpty()
            ? text -> true
            : languages.matcher("schema, " + schema.place(), closed(leaf(rest)));
    for (JsonValue value : values(schema)) {
      Types type = Types.of(value);
      boolean fits =
          !schema.has("type")
              || types.stream()
                  .anyMatch(t -> t == type || t == Types.NUMBER && type == Types.INTEGER);
      if (fits && beside.test(value.write())) {
        texts.add(value.write());
      }
    }
    if (texts.isEmpty()) {
      return Expr.NEVER;
    }
    return new Expr.Literals(texts);
  }

  /** Defines all rules that are open, so that an expression can be run. */
  private Expr closed(Expr expr) {
    for (Runnable next = open.poll(); next != null; next = open.poll()) {
      int before = nesting;
      next.run();
      nesting = before;
    }
    return expr;
  }

  static Set<JsonValue> values(Schema schema) {
    Set<JsonValue> values = new LinkedHashSet<>(schema.list("enum"));
    JsonValue only = schema.get("const");
    if (only != null) {
      boolean both = !schema.has("enum") || values.contains(only);
      values.clear();
      if (both) {
        values.add(only);
      }
    }
    return values;
  }

  /** A copy of members that can be added to. */
  static Map<String, JsonValue> copy(Map<String, JsonValue> members) {
    return new LinkedHashMap<>(members);
  }
}
