package dev.thermocline.predictor;

/** Which activations a selector reads before the neurons are computed. */
public enum SelectorInput {
  /** None: the decision is made from the gate, or there is none. */
  NONE,
  /** The residual stream before the feed-forward norm, as in PowerInfer's files. */
  RESIDUAL,
  /** The normed input that the neurons themselves read. */
  NORMED
}
