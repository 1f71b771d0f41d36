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

  /** What was added since an earlier reading of the same layers. */
  public LayerStatistics since(LayerStatistics earlier) {
    List<NeuronStatistics> difference = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      difference.add(layers.get(i).since(earlier.layers().get(i)));
    }
    return new LayerStatistics(difference);
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
