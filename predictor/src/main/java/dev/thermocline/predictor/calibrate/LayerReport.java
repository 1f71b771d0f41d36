package dev.thermocline.predictor.calibrate;

/**
 * How a selector does on one layer, on held-out tokens. Recall and predicted share only mean
 * something together.
 *
 * @param layer from 0
 * @param selector its name
 * @param trueShare mean share of neurons that are active
 * @param predictedShare mean share of neurons that the selector keeps
 * @param recall share of the active neurons that it keeps
 * @param cett mean over tokens of the norm of what is left out, over the norm of the block's output
 * @param bytesPerToken weight bytes that the block and the selector read for one token
 * @param rank of a low-rank predictor, else 0
 */
public record LayerReport(
    int layer,
    String selector,
    double trueShare,
    double predictedShare,
    double recall,
    double cett,
    double bytesPerToken,
    int rank) {}
