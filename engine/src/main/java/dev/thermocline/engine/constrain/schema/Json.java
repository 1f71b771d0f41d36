package dev.thermocline.engine.constrain.schema;

import dev.thermocline.engine.constrain.schema.JsonValue.JsonBoolean;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNull;

/**
 * The values of which there is one; apart from their types, which may be initialized in any order.
 */
public final class Json {
  public static final JsonValue TRUE = new JsonBoolean(true);
  public static final JsonValue FALSE = new JsonBoolean(false);
  public static final JsonValue NULL = new JsonNull();

  private Json() {}
}
