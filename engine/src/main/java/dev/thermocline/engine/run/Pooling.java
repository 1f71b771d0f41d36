package dev.thermocline.engine.run;

import dev.thermocline.models.gguf.GgufMetadata;

/** How the vectors of a text's tokens become one: what {@code <architecture>.pooling_type} says. */
public enum Pooling {
  /** Their mean, also where a file says nothing. */
  MEAN,
  /** That of the first token. */
  FIRST,
  /** That of the last token. */
  LAST;

  private static final int FIRST_TYPE = 2;
  private static final int LAST_TYPE = 3;

  /** What a file says. */
  static Pooling of(GgufMetadata metadata, String architecture) {
    long type = metadata.integer(architecture + ".pooling_type", 0);
    return type == FIRST_TYPE ? FIRST : type == LAST_TYPE ? LAST : MEAN;
  }
}
