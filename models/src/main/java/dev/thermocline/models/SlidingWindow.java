package dev.thermocline.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Layers that see only the last positions (Beltagy et al., Longformer, 2020).
 *
 * @param size positions that they see, their own included
 * @param slides for every layer, whether it is one of them
 */
public record SlidingWindow(int size, List<Boolean> slides) {
  /** All layers see everything. */
  public static final SlidingWindow NONE = new SlidingWindow(0, List.of());

  public SlidingWindow {
    slides = List.copyOf(slides);
  }

  /**
   * Of every {@code period} layers one sees everything: the first or the last. A period of 0 leaves
   * none that does, one of 1 nothing but such.
   */
  static SlidingWindow periodic(int size, int layers, int period, boolean fullFirst) {
    List<Boolean> slides = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      int full = fullFirst ? 0 : period - 1;
      slides.add(period == 0 || layer % period != full);
    }
    return new SlidingWindow(size, slides);
  }

  /** Whether a layer slides. */
  public boolean slides(int layer) {
    return size > 0 && slides.get(layer);
  }

  /** Positions that a layer sees; 0 for all. */
  public int of(int layer) {
    return slides(layer) ? size : 0;
  }
}
