package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An overlay as a container of metadata and tensors, ready to be written to a GGUF file or just
 * read from one.
 *
 * @param metadata in order; values are {@code String}, {@code Long}, {@code Double}, {@code long[]}
 *     or {@code double[]}. When read, any {@code Number} will do for a number, and {@code int[]}
 *     and {@code float[]} for arrays
 * @param tensors in order, names unique
 */
public record EncodedOverlay(Map<String, Object> metadata, List<Tensor> tensors) {
  public EncodedOverlay {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = List.copyOf(tensors);
  }
}
