/**
 * Measures of quality, and fits of thresholds to a quality asked for. The loop that drives a model
 * over a text is the engine's; it goes like this:
 *
 * <pre>{@code
 * // 1. One dense pass over the calibration text, every value shown to the observers.
 * List<float[]> norms = layers.map(l -> Norms.rows(l.downT()));
 * ActivationProfile profile = ActivationProfile.empty(nLayer, nFf);
 * List<NeuronSamples> samples = layers.map(l -> new NeuronSamples(20_000, nEmbd, nFf));
 * var profiler = new ProfileObserver(profile, norms, 0f);
 * var sampler = new SampleObserver(samples, norms, SelectorInput.RESIDUAL, 0f, 1);
 * WinaObserver wina = new WinaObserver();
 * wina.watch("blk.0.attn_q.weight", Norms.columns(wq));
 * // in the feed-forward: profiler.observe(layer, values, n); sampler.observe(layer, values, n);
 * // before a linear layer: wina.observe("blk.0.attn_q.weight", normed, n);
 *
 * // 2. Fits, layer by layer, to a target of kept output.
 * var training = new LowRankTraining(pool, TrainingOptions.defaults().withTargetCett(0.2));
 * BlockCost cost = new BlockCost(gateRowBytes, otherRowBytes);
 * TrainedPredictor predictor =
 *     training.train(l, samples.get(l), RESIDUAL, profile.layer(l), downT, cost);
 * Cett cett = new Cett(samples.get(l), downT, pool);
 * float[] weights = profile.layer(l).outputWeights(norms.get(l), gated);
 * EnergyFit energy = EnergyFit.of(cett, samples.get(l), weights, 0.2);
 * float threshold = wina.histogram("blk.0.attn_q.weight").quantile(0.4);
 *
 * // 3. Held-out text, dense and sparse side by side.
 * QualityMeter meter = new QualityMeter();
 * meter.add(denseLogits, 0, sparseLogits, 0, nVocab, nextToken);
 * QualityReport quality = meter.report("low-rank", activeShare, bytesPerToken);
 *
 * // 4. The overlay, and the report.
 * EncodedOverlay encoded =
 *     OverlayCodec.encode(new Overlay(digest, profile, selectors, linears, List.of(quality)));
 * print(new CalibrationReport(model, tokens, List.of(quality), reports).render());
 * }</pre>
 *
 * <p>One budget of loss for the whole model is met by fitting every layer at several targets and
 * letting {@link dev.thermocline.predictor.calibrate.BudgetAllocation} choose among them.
 */
package dev.thermocline.predictor.calibrate;
