package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import org.jspecify.annotations.Nullable;

/** The rows of some neurons of a layer in one buffer of the device, with what belongs to them. */
final class HeldNeurons implements AutoCloseable {
  private final CudaSession session;
  private final NeuronWeights weights;
  private final int[] numbers;
  private final Slices slices;
  private final CudaBuffer buffer;
  private final @Nullable DeviceRows gate;
  private final DeviceRows up;
  private final DeviceRows down;
  private final long ids;
  private final long cutoffs;
  private final long counters;
  private final long gateBias;
  private final long upBias;
  private final boolean usesInt8;

  /**
   * Loads neurons. If that fails nothing stays allocated but scratch memory.
   *
   * @param subset at least one neuron
   */
  HeldNeurons(CudaSession session, NeuronWeights weights, RowSet subset) {
    this.session = session;
    this.weights = weights;
    this.numbers = new int[subset.count()];
    subset.list(numbers);
    this.slices = Slices.of(numbers.length);

    NeuronPlan plan = NeuronPlan.of(weights, numbers.length);
    buffer = session.heap().allocate(plan.bytes());
    long base = buffer.address();
    CudaLibrary library = session.library();
    ids = base + plan.ids();
    cutoffs = base + plan.cutoffs();
    counters = base + plan.counters();
    gateBias = plan.gateBias() < 0 ? 0 : base + plan.gateBias();
    upBias = plan.upBias() < 0 ? 0 : base + plan.upBias();
    try {
      gate = plan.gate() == null ? null : plan.gate().at(base, library);
      up = plan.up().at(base, library);
      down = plan.down().at(base, library);
      usesInt8 =
          session.options().int8Activations()
              && (up.kernels().testInt8() != null
                  || (gate != null && gate.kernels().testInt8() != null));
      load();
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  private void load() {
    session.scratch().ensure(ScratchPlan.neurons(weights, numbers.length, session.options()));
    session.driver().clear(cutoffs, 4L * numbers.length, session.stream());
    session.driver().clear(counters, NeuronPlan.counterBytes(weights.neurons()), session.stream());
    session.transfers().upload(numbers, numbers.length, ids);
    loadBias(weights.gateBias(), gateBias);
    loadBias(weights.upBias(), upBias);
    if (gate != null && weights.gate() != null) {
      session.loader().load(weights.gate(), numbers, gate);
    }
    session.loader().load(weights.up(), numbers, up);
    session.loader().load(weights.downT(), numbers, down);
    session.transfers().synchronize();
  }

  private void loadBias(@Nullable Tensor bias, long to) {
    if (bias != null) {
      float[] all = new float[weights.neurons()];
      bias.decodeRow(0, all, 0);
      upload(all, to);
    }
  }

  private void upload(float[] ofLayer, long to) {
    float[] ours = new float[numbers.length];
    for (int i = 0; i < ours.length; i++) {
      ours[i] = ofLayer[numbers[i]];
    }
    session.transfers().upload(ours, 0, ours.length, to);
  }

  void cutoffs(float[] ofLayer) {
    if (ofLayer.length != weights.neurons()) {
      throw new IllegalArgumentException(
          "cutoffs: expected " + weights.neurons() + " values, got " + ofLayer.length);
    }
    upload(ofLayer, cutoffs);
  }

  int count() {
    return numbers.length;
  }

  long bytes() {
    return numbers.length * weights.bundleBytes();
  }

  int layerNeurons() {
    return weights.neurons();
  }

  int width() {
    return weights.width();
  }

  boolean gated() {
    return gate != null;
  }

  boolean usesInt8() {
    return usesInt8;
  }

  ActivationFunction activation() {
    return weights.activation();
  }

  Slices slices() {
    return slices;
  }

  /** The rows that decide whether a neuron is active. */
  DeviceRows tested() {
    return gate == null ? up : gate;
  }

  long testedBias() {
    return gate == null ? upBias : gateBias;
  }

  DeviceRows up() {
    return up;
  }

  long upBias() {
    return upBias;
  }

  DeviceRows down() {
    return down;
  }

  /** 32-bit words of a token's candidates. */
  int maskWords() {
    return (weights.neurons() + 63) / 64 * 2;
  }

  long ids() {
    return ids;
  }

  long cutoffs() {
    return cutoffs;
  }

  /** Neurons tested, neurons added, then those added in each group of the layer, 64 bits each. */
  long counters() {
    return counters;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
