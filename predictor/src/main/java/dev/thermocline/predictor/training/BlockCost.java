package dev.thermocline.predictor.training;

/**
 * Weight bytes of one neuron, to weigh what a predictor reads against what it saves.
 *
 * @param decidingBytes the row that decides whether the neuron is active: gate, or up where there
 *     is no gate
 * @param otherBytes its other rows
 */
public record BlockCost(long decidingBytes, long otherBytes) {

  /** Bytes of a token under gate-first: all deciding rows, the others of active neurons. */
  public double gateFirst(int neurons, double activeShare) {
    return neurons * (decidingBytes + activeShare * otherBytes);
  }

  /**
   * Bytes of a token with a predictor.
   *
   * @param predictedShare share of neurons whose deciding row is read
   * @param keptShare share of neurons that are active and predicted
   */
  public double predicted(
      int neurons, double predictedShare, double keptShare, long predictorBytes) {
    return predictorBytes + neurons * (predictedShare * decidingBytes + keptShare * otherBytes);
  }
}
