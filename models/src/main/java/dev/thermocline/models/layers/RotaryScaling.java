package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How rotary positions were stretched to longer contexts, as the keys of a file say.
 *
 * @param slowdown divides the frequency of every pair: for Llama 3.1 from {@code rope_freqs}, for
 *     LongRoPE (Ding et al., 2024) from the factors for long or for short contexts; null for none
 * @param interpolation divides all frequencies (Chen et al., 2023)
 * @param yarn keeps fast pairs as they were; null where all are slowed down alike
 * @param magnitude factor of sines and cosines
 */
record RotaryScaling(
    @Nullable Tensor slowdown, double interpolation, @Nullable Yarn yarn, double magnitude) {
  /** Nothing was stretched. */
  static final RotaryScaling NONE = new RotaryScaling(null, 1, null, 1);

  /**
   * YaRN (Peng et al., 2023), with its constants for Llama, which the peers take for all these
   * architectures, whatever a file says.
   *
   * @param context positions before stretching
   */
  record Yarn(int context) {
    /** Turns within that context at and above which a pair is not slowed down. */
    private static final double FAST = 32;

    /** Turns at and below which it is slowed down in full. */
    private static final double SLOW = 1;

    /** Share of interpolation of pair {@code i} of {@code pairs}; the rest is extrapolation. */
    double interpolated(int i, int pairs, double base) {
      double low = Math.max(0, Math.floor(pairOf(FAST, pairs, base)));
      double high = Math.min(2 * pairs - 1, Math.ceil(pairOf(SLOW, pairs, base)));
      return Math.clamp((i - low) / Math.max(0.001, high - low), 0, 1);
    }

    private double pairOf(double turns, int pairs, double base) {
      return pairs * Math.log(context / (turns * 2 * Math.PI)) / Math.log(base);
    }
  }

  /**
   * Reads it.
   *
   * @param context positions that will be used, which decides between the factors of LongRoPE
   * @throws UnsupportedModelException if the file asks for another kind of scaling
   */
  static RotaryScaling of(GgufFile gguf, ModelConfig config, int context) {
    GgufMetadata metadata = gguf.metadata();
    String prefix = config.architecture() + ".rope.";
    String type = metadata.string(prefix + "scaling.type", "linear");
    int stated =
        metadata.integer(prefix + "scaling.original_context_length", 0, Integer.MAX_VALUE, 0);
    int original = stated == 0 ? config.contextLength() : stated;
    // The older key rope.scale_linear means the same as a linear scaling.factor.
    double older = positive(metadata, prefix + "scale_linear", 1);
    double factor = positive(metadata, prefix + "scaling.factor", older);
    double magnitude = positive(metadata, prefix + "scaling.attn_factor", 1);
    Tensor slowdown = slowdown(gguf, config, context > original);
    return switch (type) {
      case "none" -> new RotaryScaling(slowdown, 1, null, magnitude);
      case "linear", "longrope" -> new RotaryScaling(slowdown, factor, null, magnitude);
      case "yarn" ->
          new RotaryScaling(
              slowdown, factor, new Yarn(original), magnitude * (1 + 0.1 * Math.log(factor)));
      default ->
          throw new UnsupportedModelException(
              prefix
                  + "scaling.type: '"
                  + type
                  + "' is not supported yet; known are none, linear, yarn, longrope");
    };
  }

  private static @Nullable Tensor slowdown(GgufFile gguf, ModelConfig config, boolean longer) {
    int pairs = config.rope().dimensions() / 2;
    Tensor fixed = Tensors.optional(gguf, "rope_freqs.weight", 1, pairs);
    if (fixed != null) {
      return fixed;
    }
    String name = longer ? "rope_factors_long.weight" : "rope_factors_short.weight";
    return Tensors.optional(gguf, name, 1, pairs);
  }

  /** Frequencies of all pairs: {@code base^(-2i/d)} (Su et al., RoFormer, 2021), stretched. */
  double[] frequencies(double base, int pairs) {
    float[] factors = new float[pairs];
    java.util.Arrays.fill(factors, 1f);
    if (slowdown != null) {
      slowdown.decodeRow(0, factors, 0);
    }
    double[] frequencies = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      double extrapolated = Math.pow(base, -(double) i / pairs) / factors[i];
      double share = yarn == null ? 1 : yarn.interpolated(i, pairs, base);
      frequencies[i] = share * extrapolated / interpolation + (1 - share) * extrapolated;
    }
    return frequencies;
  }

  static double positive(GgufMetadata metadata, String key, double fallback) {
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
}
