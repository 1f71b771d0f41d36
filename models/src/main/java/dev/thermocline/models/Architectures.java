package dev.thermocline.models;

import dev.thermocline.models.gguf.Printable;
import dev.thermocline.models.llama.Llama;
import dev.thermocline.models.nemotron.Nemotron;
import java.util.List;

/** The registry of architectures. */
public final class Architectures {
  private static final List<Architecture> ALL = List.of(new Llama(), new Nemotron());

  private Architectures() {}

  /** Names of all architectures that can be run. */
  public static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }

  /**
   * The architecture of a name.
   *
   * @throws UnsupportedModelException if it is unknown
   */
  public static Architecture byName(String name) {
    for (Architecture architecture : ALL) {
      if (architecture.name().equals(name)) {
        return architecture;
      }
    }
    throw new UnsupportedModelException(
        "architecture '" + Printable.name(name) + "' is not supported yet; known are " + names());
  }
}
