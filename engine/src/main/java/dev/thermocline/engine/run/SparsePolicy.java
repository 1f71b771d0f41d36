package dev.thermocline.engine.run;

import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.predictor.overlay.LayerSelectors;

/**
 * Which blocks are computed neuron by neuron. Follows from a block's shape and from what was
 * fitted, never from the architecture.
 *
 * @param mode what the user allows
 * @param selection what is left out beyond exact zeros
 */
record SparsePolicy(SparseMode mode, Selection selection) {

  /** Whether neurons of a block of a layer may be left out. */
  boolean sparse(int layer, FeedForwardWeights weights) {
    if (mode == SparseMode.OFF || !weights.separable() || byColumns(weights)) {
      return false;
    }
    LayerSelectors fitted = selection.layer(layer);
    return weights.activation().exactlySparse()
        || predicted(weights)
        || fitted.lowRank() != null
        || fitted.energyCutoffs() != null;
  }

  /** Whether a block's inputs are selected instead of its neurons. */
  boolean byColumns(FeedForwardWeights weights) {
    return selection.columns(weights.up().name()) != null;
  }

  /** Whether the file's own predictor selects the neurons. */
  boolean predicted(FeedForwardWeights weights) {
    return mode == SparseMode.AUTO && weights.predictor() != null;
  }
}
