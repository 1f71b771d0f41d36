package dev.thermocline.engine.hybrid;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.AllNeurons;
import dev.thermocline.predictor.Energy;
import dev.thermocline.predictor.GateFirst;
import dev.thermocline.predictor.GateMagnitude;
import dev.thermocline.predictor.LowRank;
import dev.thermocline.predictor.RandomNeurons;
import dev.thermocline.predictor.Selector;
import org.jspecify.annotations.Nullable;

/**
 * Now and then computes which neurons of one token are active, beside what a selector guessed. As
 * for calibration, a neuron is active if its value is not zero; where the activation has no exact
 * zeros, all of them are. Reads and counts only: the outputs stay what they are, bit by bit.
 *
 * <p>Which tokens it looks at follows from how often it was asked. Allocates nothing after
 * construction.
 */
public final class ShadowCheck implements AutoCloseable {
  /**
   * Steps of a layer from one look to the next. A look reads the gates of all neurons, which is
   * less than the rest of a sparse layer reads: a share of 0.4 % of it at most.
   */
  public static final int PERIOD = 256;

  /**
   * The same where the layer's attention is on the device, as the rest of a step is so much faster
   * there.
   */
  public static final int DEVICE_PERIOD = 16 * PERIOD;

  private final Selector selector;
  private final Matrix first;
  private final @Nullable Matrix second;
  private final float[] firstBias;
  private final float[] secondBias;
  private final ActivationFunction activation;
  private final ShadowBuffers buffers;
  private final int period;
  private final int phase;
  private long steps;
  private long tokens;
  private long active;
  private long predicted;
  private long found;

  /**
   * Checks a selector, which stays the caller's.
   *
   * @param cpu reads the weights in place
   * @param buffers of the thread that computes the layer
   * @param period every so many steps there is a look
   * @param phase step of the first one, below the period: layers take turns
   */
  public ShadowCheck(
      Kernels cpu,
      NeuronWeights weights,
      Selector selector,
      ShadowBuffers buffers,
      int period,
      int phase) {
    if (period < 1 || phase < 0 || phase >= period) {
      throw new IllegalArgumentException(
          "shadow check: expected a phase below a period, got " + phase + " and " + period);
    }
    this.selector = selector;
    this.activation = weights.activation();
    this.buffers = buffers;
    this.period = period;
    this.phase = phase;
    Tensor gate = weights.gate();
    this.first = cpu.matrix(gate == null ? weights.up() : gate);
    this.firstBias = decode(gate == null ? weights.upBias() : weights.gateBias());
    // Only there can a neuron be silent whose gate is not.
    boolean both = gate != null && activation == ActivationFunction.DRELU;
    this.second = both ? cpu.matrix(weights.up()) : null;
    this.secondBias = decode(both ? weights.upBias() : null);
  }

  /** Values of a bias; none where there is none. */
  private static float[] decode(@Nullable Tensor bias) {
    float[] values = new float[bias == null ? 0 : bias.cols()];
    if (bias != null) {
      bias.decodeRow(0, values, 0);
    }
    return values;
  }

  /** Whether a selector may leave out neurons that are not zero. */
  public static boolean mayLose(Selector selector) {
    return switch (selector) {
      case AllNeurons _, GateFirst _ -> false;
      case LowRank _, Energy _, GateMagnitude _, RandomNeurons _ -> true;
    };
  }

  /**
   * Counts a step of the layer, and looks at one of its tokens if it is time.
   *
   * @param normed what the neurons read, {@code [n][n_embd]}
   * @param candidates what the selector named, per token, or null for all neurons
   */
  void step(HostActivations normed, int n, RowSet @Nullable [] candidates) {
    long step = steps++;
    if (step % period == phase) {
      int token = (int) (step / period % n);
      look(normed, token, candidates == null ? null : candidates[token]);
    }
  }

  private void look(HostActivations normed, int token, @Nullable RowSet candidates) {
    HostActivations input = buffers.input();
    System.arraycopy(normed.values(), normed.offset(token), input.values(), 0, normed.cols());
    first.multiply(input, 1, buffers.first());
    RowSet rows = buffers.rows();
    markNonZero(rows);
    if (second != null) {
      second.multiplyRows(input, 0, rows, buffers.second());
    }
    tokens++;
    count(rows, candidates);
  }

  /** Activates the gates, and makes those members that are not zero. */
  private void markNonZero(RowSet rows) {
    float[] values = buffers.first().values();
    rows.clear();
    for (int i = 0; i < rows.bound(); i++) {
      values[i] = Math.abs(activation.apply(values[i] + bias(firstBias, i)));
      if (values[i] != 0) {
        rows.add(i);
      }
    }
  }

  private void count(RowSet rows, @Nullable RowSet candidates) {
    float[] values = buffers.first().values();
    float[] cutoffs = selector.cutoffs();
    for (int i = 0; i < rows.bound(); i++) {
      boolean fires = rows.contains(i) && (second == null || secondFires(i));
      boolean kept = candidates == null ? values[i] > cutoffs[i] : candidates.contains(i);
      active += fires ? 1 : 0;
      predicted += kept ? 1 : 0;
      found += fires && kept ? 1 : 0;
    }
  }

  private boolean secondFires(int i) {
    return activation.factor(buffers.second().values()[i] + bias(secondBias, i)) != 0;
  }

  private static float bias(float[] values, int i) {
    return values.length == 0 ? 0 : values[i];
  }

  /** What was counted so far. */
  PredictorCheck result() {
    return new PredictorCheck(tokens, tokens * first.rows(), active, predicted, found);
  }

  @Override
  public void close() {
    first.close();
    if (second != null) {
      second.close();
    }
  }
}
