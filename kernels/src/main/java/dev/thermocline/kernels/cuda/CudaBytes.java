package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import java.util.List;

/**
 * Device memory that things will take in {@link CudaKernels}, to the byte, for whoever has to fit
 * them into a budget beforehand. The options are those of {@link CudaKernels#options}. A key-value
 * cache takes {@code KvShape.bytes()}.
 */
public final class CudaBytes {
  private CudaBytes() {}

  /** A backend before anything is loaded. */
  public static long backend(CudaOptions options) {
    return options.stagingBytes() + ScratchPlan.NONE.bytes(NeuronScratch.tile(options));
  }

  /**
   * Most that the backend's scratch memory grows by, however few of the neurons are held.
   *
   * @param matrices those that are loaded, by rows
   * @param blocks the layers of which neurons are loaded
   */
  public static long scratch(
      CudaOptions options, Iterable<Tensor> matrices, Iterable<NeuronWeights> blocks) {
    ScratchPlan plan = ScratchPlan.NONE;
    for (Tensor matrix : matrices) {
      plan = plan.max(ScratchPlan.rows(matrix.rows()));
    }
    for (NeuronWeights block : blocks) {
      plan = plan.max(ScratchPlan.neurons(block, block.neurons(), options));
    }
    int tile = NeuronScratch.tile(options);
    return plan.bytes(tile) - ScratchPlan.NONE.bytes(tile);
  }

  /**
   * As {@link #scratch(CudaOptions, Iterable, Iterable)}, before there are tensors.
   *
   * @param matrixRows most rows of a matrix
   * @param neurons of a layer
   * @param width of its input and output
   */
  public static long scratch(CudaOptions options, int matrixRows, int neurons, int width) {
    int tile = NeuronScratch.tile(options);
    ScratchPlan plan =
        ScratchPlan.rows(matrixRows).max(ScratchPlan.neurons(neurons, width, neurons, options));
    return plan.bytes(tile) - ScratchPlan.NONE.bytes(tile);
  }

  /**
   * What one row of neurons of a format takes, part by part; {@code n} rows take {@code n} times as
   * much of each part, which is then rounded up to 256 bytes.
   */
  public static List<Long> neuronRow(TensorFormat format, int width) {
    DeviceFormat device = DeviceFormat.of(format);
    return device.scaled()
        ? List.of(device.dataBytes(1, width), device.scaleBytes(1, width))
        : List.of(device.dataBytes(1, width));
  }

  /** {@code [tokens][cols]} activations. */
  public static long activations(int tokens, int cols) {
    return 4L * tokens * DeviceFormat.pitch(cols);
  }

  /** A parameter vector. */
  public static long weights(int size) {
    return 4L * DeviceFormat.pitch(size);
  }

  /** A matrix, by rows or by columns. */
  public static long matrix(Tensor tensor) {
    DeviceLayout layout = new DeviceLayout();
    RowsPlan.of(layout, tensor, tensor.rows());
    return layout.bytes();
  }

  /** {@code count} neurons of a layer. */
  public static long neurons(NeuronWeights weights, int count) {
    return count == 0 ? 0 : NeuronPlan.of(weights, count).bytes();
  }
}
