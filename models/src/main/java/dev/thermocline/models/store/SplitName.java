package dev.thermocline.models.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a model that is split over files {@code base-00001-of-00003.gguf} and so on, as
 * llama.cpp's {@code gguf-split} names them.
 */
final class SplitName {
  private static final int MOST_PARTS = 10_000;
  private static final Pattern PART =
      Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})(\\.gguf)", Pattern.CASE_INSENSITIVE);

  private SplitName() {}

  /** All parts, the first one first, of the model that a file belongs to. */
  static List<String> parts(String path) {
    Matcher match = PART.matcher(path);
    if (!match.matches()) {
      return List.of(path);
    }
    int count = Integer.parseInt(match.group(3));
    int number = Integer.parseInt(match.group(2));
    if (number < 1 || number > count || count > MOST_PARTS) {
      return List.of(path);
    }
    List<String> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      parts.add(
          String.format(
              Locale.ROOT, "%s-%05d-of-%s%s", match.group(1), i, match.group(3), match.group(4)));
    }
    return parts;
  }

  /** The name that the whole model would have. */
  static String base(String path) {
    Matcher match = PART.matcher(path);
    return match.matches() ? match.group(1) + match.group(4) : path;
  }
}
