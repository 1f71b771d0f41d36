package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import java.lang.foreign.Arena;
import java.util.Objects;

/** PowerInfer's rule, one token at a time: only the neurons that its predictor names. */
final class PredictedFeedForward implements FeedForward {
  private final Kernels kernels;
  private final FeedForwardWeights.Predictor predictor;
  private final Matrix fc1;
  private final Matrix fc2;
  private final NeuronBlock neurons;
  private final Activations inner;
  private final Activations scores;
  private final HostActivations hostScores;
  private final RowSet[] candidates;

  PredictedFeedForward(Kernels kernels, FeedForwardWeights weights, int maxTokens) {
    this.kernels = kernels;
    this.predictor = Objects.requireNonNull(weights.predictor());
    this.fc1 = kernels.matrix(predictor.fc1());
    this.fc2 = kernels.matrix(predictor.fc2());
    try (WorkerPool pool = new WorkerPool(1)) {
      var bundles = NeuronMajor.of(weights, Arena.ofAuto(), pool, bytes -> {});
      this.neurons = kernels.neurons(bundles, null);
    }
    this.inner = kernels.activations(maxTokens, fc1.rows());
    this.scores = kernels.activations(maxTokens, fc2.rows());
    this.hostScores = new HostActivations(maxTokens, fc2.rows());
    this.candidates = new RowSet[maxTokens];
    for (int t = 0; t < maxTokens; t++) {
      candidates[t] = new RowSet(fc2.rows());
    }
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    fc1.multiply(residual, n, inner);
    kernels.activate(ActivationFunction.RELU, inner, n);
    fc2.multiply(inner, n, scores);
    kernels.download(scores, n, hostScores);
    kernels.synchronize();
    for (int t = 0; t < n; t++) {
      candidates[t].clear();
      for (int i = 0; i < fc2.rows(); i++) {
        if (hostScores.values()[hostScores.offset(t) + i] >= predictor.threshold()) {
          candidates[t].add(i);
        }
      }
    }
    neurons.forward(normed, n, candidates, true, out);
  }

  @Override
  public void close() {
    fc1.close();
    fc2.close();
    neurons.close();
    inner.close();
    scores.close();
  }
}
