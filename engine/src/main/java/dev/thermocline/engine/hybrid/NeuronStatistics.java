package dev.thermocline.engine.hybrid;

/**
 * What one layer's feed-forward computed.
 *
 * @param tokens tokens so far
 * @param hotNeurons neurons on the GPU
 * @param coldNeurons neurons on the CPU
 * @param hotTested hot neurons whose first row was read, over all tokens
 * @param coldTested cold neurons whose first row was read, over all tokens
 * @param hotAdded hot neurons added to an output, over all tokens
 * @param coldAdded cold neurons added to an output, over all tokens
 */
public record NeuronStatistics(
    long tokens,
    int hotNeurons,
    int coldNeurons,
    long hotTested,
    long coldTested,
    long hotAdded,
    long coldAdded) {

  /** Share of the layer's neurons that were added to an output. */
  public double activeShare() {
    return share(hotAdded + coldAdded, tokens * (hotNeurons + coldNeurons));
  }

  /** Share of the layer's neurons whose first row was read. */
  public double testedShare() {
    return share(hotTested + coldTested, tokens * (hotNeurons + coldNeurons));
  }

  /** Share of the active neurons that were hot. */
  public double hitShare() {
    return share(hotAdded, hotAdded + coldAdded);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** What was added since an earlier reading. */
  public NeuronStatistics since(NeuronStatistics earlier) {
    return new NeuronStatistics(
        tokens - earlier.tokens,
        hotNeurons,
        coldNeurons,
        hotTested - earlier.hotTested,
        coldTested - earlier.coldTested,
        hotAdded - earlier.hotAdded,
        coldAdded - earlier.coldAdded);
  }
}
