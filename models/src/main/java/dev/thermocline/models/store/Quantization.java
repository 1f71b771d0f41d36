package dev.thermocline.models.store;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The quantization that a file's name states, such as {@code Q4_K_M}. */
final class Quantization {
  private static final Pattern LABEL =
      Pattern.compile(
          "(?<![A-Z0-9])((?:UD-)?(?:"
              + "I?Q[1-8]_(?:[01](?:_[48]_[48])?|K(?:_(?:S|M|L|XL|XXL))?|XXS|XS|S|M|NL)|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32))(?![A-Z0-9])");

  private Quantization() {}

  /** The label in capitals, the last one if the path has several; null if it has none. */
  static @Nullable String of(String path) {
    String label = null;
    String upper = path.toUpperCase(Locale.ROOT);
    for (Matcher match = LABEL.matcher(upper); match.find(); ) {
      label = match.group(1);
    }
    return label == null ? null : label.replace("FP16", "F16").replace("FP32", "F32");
  }
}
