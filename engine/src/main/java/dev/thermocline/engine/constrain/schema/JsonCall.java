package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.Expr;

/** A function's name and its arguments as one JSON object. */
public final class JsonCall {
  private JsonCall() {}

  /**
   * A call of one function.
   *
   * @param key the member that holds the arguments
   * @param parameters their schema
   * @throws ConstraintException naming what cannot be enforced
   */
  public static Expr of(String name, String key, String parameters) {
    return Expr.sequence(
        Expr.text("{"),
        JsonGrammar.SPACE,
        JsonGrammar.name("name"),
        JsonGrammar.COLON,
        JsonGrammar.name(name),
        JsonGrammar.COMMA,
        JsonGrammar.name(key),
        JsonGrammar.COLON,
        SchemaCompiler.compile(parameters),
        JsonGrammar.SPACE,
        Expr.text("}"));
  }

  /** Calls in brackets. */
  public static Expr list(Expr call, boolean several) {
    return JsonGrammar.list("[", call, 1, several ? Expr.UNBOUNDED : 1, "]");
  }
}
