package dev.thermocline.engine.constrain.regex;

import dev.thermocline.engine.constrain.grammar.CodePoints;
import dev.thermocline.engine.constrain.grammar.Expr;

/** How a text writes one of its characters: as it is, or escaped as in a JSON string. */
@FunctionalInterface
public interface Spelling {

  /** One character of a set. */
  Expr one(CodePoints set);
}
