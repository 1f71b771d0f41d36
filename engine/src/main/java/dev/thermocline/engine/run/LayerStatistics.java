package dev.thermocline.engine.run;

import dev.thermocline.engine.hybrid.LayerTimes;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.hybrid.PredictorCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * What the layers of a model computed.
 *
 * @param layers one reading of each sparse and split feed-forward; dense layers are left out
 * @param times one reading of every layer
 */
public record LayerStatistics(List<NeuronStatistics> layers, List<LayerTimes> times) {
  /** Before anything was computed. */
  public static final LayerStatistics NONE = new LayerStatistics(List.of(), List.of());

  public LayerStatistics {
    layers = List.copyOf(layers);
    times = List.copyOf(times);
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
    List<LayerTimes> taken = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      taken.add(times.get(i).since(earlier.times().get(i)));
    }
    return new LayerStatistics(difference, taken);
  }

  private boolean startedAgain(LayerStatistics earlier) {
    if (earlier.layers().size() != layers.size() || earlier.times().size() != times.size()) {
      return true;
    }
    for (int i = 0; i < times.size(); i++) {
      if (times.get(i).tokens() < earlier.times().get(i).tokens()) {
        return true;
      }
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

  /** How guesses compare with the truth, over all layers. */
  public PredictorCheck check() {
    return layers.stream()
        .map(NeuronStatistics::check)
        .reduce(PredictorCheck.NONE, PredictorCheck::plus);
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
