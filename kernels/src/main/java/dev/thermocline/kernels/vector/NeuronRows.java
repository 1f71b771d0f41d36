package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One of a neuron block's row matrices, with its bias, as the kernels read it. */
final class NeuronRows implements DecodedRows {
  private final MemorySegment data;
  private final RowDot dot;
  private final TensorFormat format;
  private final long rowBytes;
  private final int cols;
  private final float @Nullable [] bias;

  NeuronRows(Tensor tensor, @Nullable Tensor bias) {
    this.data = RowDots.nativeData(tensor);
    this.dot = RowDots.of(tensor.format());
    this.format = tensor.format();
    this.rowBytes = tensor.rowBytes();
    this.cols = tensor.cols();
    this.bias = bias == null ? null : decode(bias);
  }

  private static float[] decode(Tensor bias) {
    float[] values = new float[bias.cols()];
    bias.decodeRow(0, values, 0);
    return values;
  }

  void prepare(float[] x, int offset, PreparedInput input) {
    dot.prepare(x, offset, cols, input);
  }

  /** {@code row . x + bias}; {@code own} as for {@link RowDot#dot}. */
  float dot(int row, PreparedInput input, float[] own) {
    float sum = dot.dot(data, row * rowBytes, cols, input, own);
    return bias == null ? sum : sum + bias[row];
  }

  /** Fetches entry {@code i} of a list ahead of its use, unless it follows the one before. */
  void fetch(int[] rows, int i, int end) {
    if (i < end && rows[i] != rows[i - 1] + 1) {
      NextRow.fetch(data, rows[i] * rowBytes, rowBytes);
    }
  }

  /** Fetches a part of a row, so that what follows row after row is read as it lies in memory. */
  void fetch(int row, int col, int count) {
    NextRow.fetch(data, row * rowBytes + format.bytes(col), format.bytes(count));
  }

  float bias(int row) {
    return bias == null ? 0f : bias[row];
  }

  @Override
  public void decode(int row, int col, int count, float[] target, int at) {
    dot.decode(data, row * rowBytes + format.bytes(col), count, target, at);
  }

  /** Whether both read the prepared input in the same order. */
  boolean sharesInput(NeuronRows other) {
    return dot.getClass() == other.dot.getClass();
  }
}
