package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.gguf.GgufFile;

/** The factor {@code name.scale} of a whole weight, as files of ternary models have it. */
final class TensorScale {
  private TensorScale() {}

  /** The factor, 1 where the file has none. */
  static float of(GgufFile gguf, String name) {
    if (!gguf.contains(name + ".scale")) {
      return 1;
    }
    Tensor scale = Tensors.require(gguf, name + ".scale", 1, 1);
    return scale.format().element(scale.data(), 0);
  }
}
