package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;

/**
 * Angle per position of every rotated pair of a head: {@code base^(-2i/d)} (Su et al., RoFormer,
 * 2021), slowed down where a model was stretched to longer contexts.
 */
public final class RotaryFrequencies {
  private static final double DEFAULT_BASE = 10000;

  private RotaryFrequencies() {}

  /**
   * Frequencies of a model: linear scaling divides all by one factor (Chen et al., 2023), the
   * tensor {@code rope_freqs.weight} (Llama 3.1) each by its own.
   *
   * @throws UnsupportedModelException if the file asks for another kind of scaling
   */
  public static double[] of(GgufFile gguf, ModelConfig config) {
    GgufMetadata metadata = gguf.metadata();
    String prefix = config.architecture() + ".rope.";
    double base = positive(metadata, prefix + "freq_base", DEFAULT_BASE);
    double factor = linearFactor(metadata, prefix);
    int pairs = config.ropeDimensions() / 2;
    float[] slowdown = factors(gguf, pairs);
    double[] frequencies = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / config.ropeDimensions()) / factor / slowdown[i];
    }
    return frequencies;
  }

  private static double linearFactor(GgufMetadata metadata, String prefix) {
    // The older key rope.scale_linear means the same as a linear scaling.factor.
    double older = positive(metadata, prefix + "scale_linear", 1);
    double factor = positive(metadata, prefix + "scaling.factor", older);
    String type = metadata.string(prefix + "scaling.type", "linear");
    return switch (type) {
      case "none" -> 1;
      case "linear" -> factor;
      default ->
          throw new UnsupportedModelException(
              prefix + "scaling.type: '" + type + "' is not supported yet; known are none, linear");
    };
  }

  private static double positive(GgufMetadata metadata, String key, double fallback) {
    double value = metadata.number(key, fallback);
    // llama.cpp writes 0 for "not scaled".
    if (value == 0) {
      return fallback;
    }
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new GgufFormatException(key, -1, "expected a positive number, found " + value);
    }
    return value;
  }

  private static float[] factors(GgufFile gguf, int pairs) {
    float[] factors = new float[pairs];
    java.util.Arrays.fill(factors, 1f);
    Tensor tensor = Tensors.optional(gguf, "rope_freqs.weight", 1, pairs);
    if (tensor != null) {
      tensor.decodeRow(0, factors, 0);
    }
    return factors;
  }
}
