package dev.thermocline.engine.calibrate;

/**
 * What a calibration may take and aims at.
 *
 * @param threads CPU workers
 * @param tokens most tokens to calibrate on
 * @param heldOutTokens most tokens to judge on
 * @param context tokens of a chunk
 * @param maxKl largest mean KL divergence, in nats per token, that the chosen selection may have
 * @param seed of training
 */
public record CalibrationOptions(
    int threads, int tokens, int heldOutTokens, int context, double maxKl, long seed) {
  public CalibrationOptions {
    if (tokens < 64 || heldOutTokens < 8 || context < 8 || !(maxKl >= 0)) {
      throw new IllegalArgumentException(
          "calibration: expected at least 64 tokens, 8 held out, a context of 8 and a KL of 0, got "
              + tokens
              + ", "
              + heldOutTokens
              + ", "
              + context
              + " and "
              + maxKl);
    }
  }

  /** 16384 tokens, 2048 held out, a KL of 0.02. */
  public static CalibrationOptions defaults(int threads) {
    return new CalibrationOptions(threads, 16384, 2048, 256, 0.02, 1);
  }
}
