package dev.thermocline.models.granite;

import dev.thermocline.models.Architecture;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/** Granite 3 with experts (IBM, 2024), some with one for every token. */
public final class GraniteMoe implements Architecture {

  @Override
  public String name() {
    return "granitemoe";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return Granite.read(gguf, name());
  }
}
