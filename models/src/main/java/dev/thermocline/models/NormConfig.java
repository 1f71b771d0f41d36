package dev.thermocline.models;

/**
 * How the residual stream is normalised.
 *
 * @param centred whether the mean is taken away first, as LayerNorm does and RMSNorm does not
 * @param epsilon added to the variance
 */
public record NormConfig(boolean centred, float epsilon) {}
