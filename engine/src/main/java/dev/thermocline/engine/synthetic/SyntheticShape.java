package dev.thermocline.engine.synthetic;

import java.util.Locale;

/**
 * Shapes of models with generated weights, for measuring speed.
 *
 * @param name as on the command line
 * @param nEmbd width of the residual stream
 * @param nLayer layers
 * @param nHead query heads
 * @param nKvHead key-value heads
 * @param nFf neurons of a layer
 * @param nVocab vocabulary
 * @param relu whether the gate is a ReLU (ReGLU), so that neurons can be skipped, instead of SiLU
 */
public record SyntheticShape(
    String name, int nEmbd, int nLayer, int nHead, int nKvHead, int nFf, int nVocab, boolean relu) {

  /**
   * The shape of a name: {@code 1b-llama}, {@code 1b-reglu}, {@code tiny-llama} or {@code
   * tiny-reglu}.
   */
  public static SyntheticShape of(String name) {
    boolean relu = name.endsWith("-reglu");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "1b-llama", "1b-reglu" -> new SyntheticShape(name, 2048, 16, 32, 8, 8192, 32000, relu);
      case "tiny-llama", "tiny-reglu" -> new SyntheticShape(name, 128, 2, 4, 2, 512, 512, relu);
      default ->
          throw new IllegalArgumentException(
              "synthetic shape: expected 1b-llama, 1b-reglu, tiny-llama or tiny-reglu, got "
                  + name);
    };
  }
}
