package dev.thermocline.engine.run;

import dev.thermocline.engine.hybrid.NeuronStatistics;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sparse and split feed-forwards of a model computed; dense layers are left out.
 *
 * @param layers one reading each
 */
public record LayerStatistics(List<NeuronStatistics> layers) {
  public LayerStatistics {
    layers = List.copyOf(layers);
  }

  /**
   * What was added since an earlier reading; all of this one if the model was loaded anew in
   * between, which starts the counters again.
   */
  public LayerStatistics since(LayerStatistics earlier) {
    if (startedAgain(earlier)) {
      return this;
    }
    List<NeuronStatistics> difference = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      difference.add(layers.get(i).since(earlier.layers().get(i)));
    }
    return new LayerStatistics(difference);
  }

  private boolean startedAgain(LayerStatistics earlier) {
    if (earlier.layers().size() != layers.size()) {
      return true;
    }
    for (int i = 0; i < layers.size(); i++) {
      NeuronStatistics before = earlier.layers().get(i);
      NeuronStatistics now = layers.get(i);
      if (now.hotNeurons() != before.hotNeurons() || now.tokens() < before.tokens()) {
        return true;
      }
    }
    return false;
  }

  /** Mean share of neurons that were added to an output; 1 where nothing is skipped. */
  public double activeShare() {
    return layers.stream().mapToDouble(NeuronStatistics::activeShare).average().orElse(1);
  }

  /** Share of all active neurons that were hot. */
  public double hitShare() {
    long hot = layers.stream().mapToLong(NeuronStatistics::hotAdded).sum();
    long all = layers.stream().mapToLong(l -> l.hotAdded() + l.coldAdded()).sum();
    return all == 0 ? 0 : (double) hot / all;
  }
}
