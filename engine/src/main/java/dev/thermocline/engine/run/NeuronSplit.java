package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.models.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which neurons of each layer are hot. TEMPORARY until the predictor's placement lands. */
record NeuronSplit(List<@Nullable RowSet> hot) {
  static NeuronSplit choose(
      Model model, EngineOptions options, FeedForwardPlan plan, boolean gpu, long budget, int pages) {
    List<@Nullable RowSet> sets = new ArrayList<>();
    for (int i = 0; i < model.config().nLayer(); i++) {
      sets.add(null);
    }
    return new NeuronSplit(sets);
  }

  String summary() {
    return "";
  }
}
