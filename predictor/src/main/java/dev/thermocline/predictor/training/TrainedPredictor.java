package dev.thermocline.predictor.training;

import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.calibrate.LayerReport;

/**
 * A predictor and how good it is on held-out tokens.
 *
 * @param parameters ready to be used or stored
 * @param report recall, predicted and true share, CETT and bytes
 * @param gateFirstBytes bytes that the layer would read for a token without a predictor, exactly
 *     sparse
 */
public record TrainedPredictor(
    LowRankParameters parameters, LayerReport report, double gateFirstBytes) {

  /** Whether it saves more bytes than it costs. */
  public boolean worthwhile() {
    return report.bytesPerToken() < gateFirstBytes;
  }
}
