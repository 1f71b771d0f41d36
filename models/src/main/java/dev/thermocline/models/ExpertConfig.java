package dev.thermocline.models;

/**
 * Experts of the feed-forward blocks (Shazeer et al., 2017; Jiang et al., Mixtral, 2024).
 *
 * @param count experts of a block
 * @param used how many of them a token is sent to
 * @param gating what makes weights of the router's outputs
 * @param normalised whether the weights of the chosen experts are divided by their sum
 * @param early whether the router reads the layer's input instead of what the experts read
 */
public record ExpertConfig(int count, int used, Gating gating, boolean normalised, boolean early) {

  /** What makes weights of the router's outputs. */
  public enum Gating {
    /** Softmax over all experts, then the best are chosen. */
    SOFTMAX,
    /** Each by itself. */
    SIGMOID,
    /** The best are chosen, then softmax over them. */
    SOFTMAX_OF_CHOSEN
  }
}
