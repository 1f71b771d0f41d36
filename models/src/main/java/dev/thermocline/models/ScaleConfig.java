package dev.thermocline.models;

/**
 * Factors on the way from the embedding to the logits; 1 changes nothing.
 *
 * @param embedding of the embedding
 * @param residual of what attention and feed-forward add to the residual stream
 * @param logits of the logits
 * @param logitCap bound of the logits, by a hyperbolic tangent; 0 for none
 */
public record ScaleConfig(float embedding, float residual, float logits, float logitCap) {}
