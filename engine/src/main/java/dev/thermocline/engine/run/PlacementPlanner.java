package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.profile.ActivationProfile;

/** Decides which neurons are hot. */
final class PlacementPlanner {
  private final Model model;
  private final EngineOptions options;
  private final FeedForwardPlan plan;
  private final int pages;

  PlacementPlanner(Model model, EngineOptions options, FeedForwardPlan plan, int pages) {
    this.model = model;
    this.options = options;
    this.plan = plan;
    this.pages = pages;
  }

  NeuronPlacement place(boolean gpu, long budget) {
    ActivationProfile uniform = ActivationProfile.empty(model.config().nLayer(), model.config().nFf());
    return NeuronPlacement.hotShare(uniform, gpu ? options.hotShare().orElse(0) : 0, false);
  }
}
