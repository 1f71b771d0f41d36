package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.ExpertConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of one layer's mixture of experts as they lie in the file.
 *
 * @param config how experts are chosen
 * @param router {@code [experts][n_embd]}
 * @param routerBias {@code [1][experts]} or null
 * @param experts the experts, each a block of its own
 * @param shared an expert that every token is sent to, or null
 * @param sharedGate {@code [1][n_embd]}, whose sigmoid weighs the shared expert; null for 1
 */
public record ExpertWeights(
    ExpertConfig config,
    Tensor router,
    @Nullable Tensor routerBias,
    List<FeedForwardWeights> experts,
    @Nullable FeedForwardWeights shared,
    @Nullable Tensor sharedGate) {

  public ExpertWeights {
    experts = List.copyOf(experts);
  }
}
