package dev.thermocline.predictor;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.RowSet;

/**
 * Guesses active neurons with a low-rank net before any of their weights are read; among the
 * guessed ones exact zeros are left out once the gate is known. Read from PowerInfer's files or
 * trained by {@link dev.thermocline.predictor.training.LowRankTraining}.
 */
public final class LowRank implements Selector {
  private final Kernels kernels;
  private final LowRankParameters parameters;
  private final Matrix fc1;
  private final Matrix fc2;
  private final SelectorWorkspace workspace;
  private final HostActivations hidden;
  private final float[] cutoffs;

  /**
   * Loads the net.
   *
   * @param kernels a backend of the CPU
   * @param workspace of the thread that will select
   */
  public LowRank(Kernels kernels, LowRankParameters parameters, SelectorWorkspace workspace) {
    if (workspace.width() != parameters.width() || workspace.neurons() != parameters.neurons()) {
      throw new IllegalArgumentException(
          "low-rank: expected n_embd "
              + workspace.width()
              + " and n_ff "
              + workspace.neurons()
              + ", got "
              + parameters.fc1().shape()
              + " and "
              + parameters.fc2().shape());
    }
    this.kernels = kernels;
    this.parameters = parameters;
    this.fc1 = kernels.matrix(parameters.fc1());
    this.fc2 = kernels.matrix(parameters.fc2());
    this.workspace = workspace;
    this.hidden = new HostActivations(workspace.chunk(), parameters.rank());
    this.cutoffs = new float[parameters.neurons()];
  }

  @Override
  public String name() {
    return "low-rank";
  }

  @Override
  public int neurons() {
    return parameters.neurons();
  }

  @Override
  public SelectorInput input() {
    return parameters.input();
  }

  @Override
  public RowSet[] select(HostActivations residual, HostActivations normed, int n) {
    workspace.checkTokens(n);
    HostActivations source = parameters.input() == SelectorInput.RESIDUAL ? residual : normed;
    for (int from = 0; from < n; from += workspace.chunk()) {
      selectChunk(source, from, Math.min(workspace.chunk(), n - from));
    }
    return workspace.candidates();
  }

  private void selectChunk(HostActivations source, int from, int count) {
    HostActivations input = workspace.input();
    HostActivations scores = workspace.scores();
    System.arraycopy(
        source.values(), source.offset(from), input.values(), 0, count * source.cols());
    fc1.multiply(input, count, hidden);
    kernels.activate(ActivationFunction.RELU, hidden, count);
    fc2.multiply(hidden, count, scores);
    for (int t = 0; t < count; t++) {
      atLeast(
          scores.values(),
          scores.offset(t),
          parameters.threshold(),
          workspace.candidates()[from + t]);
    }
  }

  /** Makes the members those whose score is not below the threshold; NaN counts as a member. */
  private static void atLeast(float[] scores, int offset, float threshold, RowSet out) {
    long[] words = out.words();
    int bound = out.bound();
    for (int w = 0; w < words.length; w++) {
      int first = w << 6;
      int last = Math.min(first + 64, bound);
      long bits = 0;
      for (int i = first; i < last; i++) {
        bits |= scores[offset + i] < threshold ? 0 : 1L << i;
      }
      words[w] = bits;
    }
  }

  @Override
  public boolean skips() {
    return true;
  }

  @Override
  public float[] cutoffs() {
    return cutoffs;
  }

  @Override
  public long bytesPerToken() {
    return fc1.bytes() + fc2.bytes();
  }

  @Override
  public void close() {
    fc1.close();
    fc2.close();
  }
}
