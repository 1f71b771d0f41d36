/**
 * Selectors: what decides which neurons, or which inputs of a linear layer, are computed.
 *
 * <p>A feed-forward block uses a {@link dev.thermocline.predictor.Selector} like this, with the
 * same calls for every kind:
 *
 * <pre>{@code
 * block.cutoffs(selector.cutoffs());                             // once, when loaded
 * RowSet[] candidates = selector.select(residual, normed, n);    // per batch; null means all
 * block.forward(normed, n, candidates, selector.skips(), out);
 * }</pre>
 */
package dev.thermocline.predictor;
