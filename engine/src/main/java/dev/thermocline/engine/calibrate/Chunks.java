package dev.thermocline.engine.calibrate;

import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts cut into pieces that a model sees one by one, each beginning as a text does. */
final class Chunks {
  private Chunks() {}

  static List<int[]> of(Model model, int[] tokens, int most, int context) {
    int length = Math.min(tokens.length, most);
    int bos = bos(model);
    List<int[]> chunks = new ArrayList<>();
    for (int from = 0; from < length; from += context) {
      int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(from + context, length));
      if (bos >= 0) {
        chunk[0] = bos;
      }
      if (chunk.length > 1) {
        chunks.add(chunk);
      }
    }
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException(
          "calibration: expected a text of at least 2 tokens, got " + tokens.length);
    }
    return chunks;
  }

  private static int bos(Model model) {
    try {
      return model.tokenizer().addsBos() ? model.tokenizer().bos() : -1;
    } catch (UnsupportedModelException e) {
      return -1;
    }
  }

  static long tokens(List<int[]> chunks) {
    return chunks.stream().mapToLong(c -> c.length).sum();
  }
}
