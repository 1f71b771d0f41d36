package dev.thermocline.models.layers;

import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.Bf16;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.F16;
import dev.thermocline.kernels.format.F32;
import dev.thermocline.kernels.format.Iq1M;
import dev.thermocline.kernels.format.Iq1S;
import dev.thermocline.kernels.format.Iq2S;
import dev.thermocline.kernels.format.Iq2Xs;
import dev.thermocline.kernels.format.Iq2Xxs;
import dev.thermocline.kernels.format.Iq3S;
import dev.thermocline.kernels.format.Iq3Xxs;
import dev.thermocline.kernels.format.Iq4Nl;
import dev.thermocline.kernels.format.Iq4Xs;
import dev.thermocline.kernels.format.Mxfp4;
import dev.thermocline.kernels.format.Q2_K;
import dev.thermocline.kernels.format.Q3_K;
import dev.thermocline.kernels.format.Q4_0;
import dev.thermocline.kernels.format.Q4_1;
import dev.thermocline.kernels.format.Q4_K;
import dev.thermocline.kernels.format.Q5_0;
import dev.thermocline.kernels.format.Q5_1;
import dev.thermocline.kernels.format.Q5_K;
import dev.thermocline.kernels.format.Q6_K;
import dev.thermocline.kernels.format.Q8_0;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.format.Tq1_0;
import dev.thermocline.kernels.format.Tq2_0;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Turns a feed-forward block into bundles: one row per neuron in each matrix. Only the down
 * projection has to be transposed. For F32, F16 and BF16 that loses nothing. The blocks of a
 * quantized one lie across neurons, so it is quantized anew along n_embd, to a finer format: Q8_0
 * becomes F16, everything below eight bits becomes Q8_0, each with an error far below its own.
 */
public final class NeuronMajor {
  private NeuronMajor() {}

  /** Bytes that {@link #of} will allocate for the transposed down projection; 0 if none. */
  public static long bytesNeeded(FeedForwardWeights weights) {
    if (weights.downT() != null) {
      return 0;
    }
    long elements = (long) weights.neurons() * weights.width();
    return transposedFormat(Objects.requireNonNull(weights.down())).bytes(elements);
  }

  /** Bytes of one neuron's row of the transposed down projection. */
  public static long downRowBytes(FeedForwardWeights weights) {
    return downFormat(weights).bytes(weights.width());
  }

  /** Format of the transposed down projection, stored or to be made. */
  public static TensorFormat downFormat(FeedForwardWeights weights) {
    Tensor stored = weights.downT();
    return stored != null
        ? stored.format()
        : transposedFormat(Objects.requireNonNull(weights.down()));
  }

  /**
   * Makes the bundles of a block. A stored {@code downT} is used in place, else {@code down} is
   * transposed into memory of {@code arena}.
   *
   * @param pool does the work on all its threads
   * @param progress told from these threads how many bytes of the result have been added
   */
  public static NeuronWeights of(
      FeedForwardWeights weights, Arena arena, WorkerPool pool, LongConsumer progress) {
    Tensor stored = weights.downT();
    if (stored != null) {
      return bundles(weights, stored);
    }
    Tensor down = Objects.requireNonNull(weights.down());
    EncodableFormat format = transposedFormat(down);
    Tensor downT = allocate(down, format, arena);
    pool.run(new Transposition(down, downT, format, progress));
    return bundles(weights, downT);
  }

  /**
   * The transpose of any weight, for products with selected columns; quantized formats become a
   * finer one, as for the down projection.
   */
  public static Tensor transpose(Tensor weight, Arena arena, WorkerPool pool) {
    EncodableFormat format = transposedFormat(weight);
    Tensor transposed = allocate(weight, format, arena);
    pool.run(new Transposition(weight, transposed, format, bytes -> {}));
    return transposed;
  }

  private static NeuronWeights bundles(FeedForwardWeights weights, Tensor downT) {
    return new NeuronWeights(
        weights.gate(),
        weights.gateBias(),
        weights.up(),
        weights.upBias(),
        downT,
        weights.activation());
  }

  private static Tensor allocate(Tensor down, EncodableFormat format, Arena arena) {
    Shape shape = new Shape(down.cols(), down.rows());
    return new Tensor(
        down.name().replace("ffn_down", "ffn_down_t"),
        format,
        shape,
        arena.allocate(format.bytes(shape.elements()), 64));
  }

  private static EncodableFormat transposedFormat(Tensor down) {
    return switch (down.format()) {
      case F32 f32 -> f32;
      case F16 f16 -> f16;
      case Bf16 bf16 -> bf16;
      case Q8_0 q8 -> TensorFormats.F16;
      case Q4_0 f -> belowEightBits(down);
      case Q4_1 f -> belowEightBits(down);
      case Q5_0 f -> belowEightBits(down);
      case Q5_1 f -> belowEightBits(down);
      case Q2_K f -> belowEightBits(down);
      case Q3_K f -> belowEightBits(down);
      case Q4_K f -> belowEightBits(down);
      case Q5_K f -> belowEightBits(down);
      case Q6_K f -> belowEightBits(down);
      case Iq4Nl f -> belowEightBits(down);
      case Iq4Xs f -> belowEightBits(down);
      case Mxfp4 f -> belowEightBits(down);
      case Iq2Xxs f -> belowEightBits(down);
      case Iq2Xs f -> belowEightBits(down);
      case Iq2S f -> belowEightBits(down);
      case Iq3Xxs f -> belowEightBits(down);
      case Iq3S f -> belowEightBits(down);
      case Iq1S f -> belowEightBits(down);
      case Iq1M f -> belowEightBits(down);
      case Tq1_0 f -> belowEightBits(down);
      case Tq2_0 f -> belowEightBits(down);
    };
  }

  private static EncodableFormat belowEightBits(Tensor down) {
    return down.rows() % TensorFormats.Q8_0.blockElements() == 0
        ? TensorFormats.Q8_0
        : TensorFormats.F16;
  }
}
