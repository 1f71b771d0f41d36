package dev.thermocline.engine.select;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
import dev.thermocline.models.layers.Linear;
import dev.thermocline.predictor.ColumnSelector;
import org.jspecify.annotations.Nullable;

/** A linear layer that reads the columns of the inputs that matter only (WINA, TEAL). */
final class ColumnSparseLinear implements Linear {
  private final Kernels kernels;
  private final ColumnMatrix weight;
  private final @Nullable Weights bias;
  private final ColumnSelector selector;
  private final ColumnCounter counter;
  private final RowSet columns;
  private final long columnBytes;

  /**
   * Loads the layer.
   *
   * @param transposed {@code [in][out]}
   * @param counter told what is read
   */
  ColumnSparseLinear(
      Kernels kernels,
      Tensor transposed,
      @Nullable Tensor bias,
      ColumnSelector selector,
      ColumnCounter counter) {
    this.kernels = kernels;
    this.weight = kernels.columns(transposed);
    this.bias = bias == null ? null : kernels.weights(bias);
    this.selector = selector;
    this.counter = counter;
    this.columns = new RowSet(transposed.rows());
    this.columnBytes = transposed.rowBytes();
  }

  @Override
  public void forward(Activations x, int n, Activations out) {
    for (int t = 0; t < n; t++) {
      selector.select((HostActivations) x, t, columns);
      int selected = columns.count();
      counter.add(selected, weight.cols(), selected * columnBytes);
      weight.multiplyColumns(x, t, columns, out);
    }
    if (bias != null) {
      kernels.addBias(out, n, bias);
    }
  }

  @Override
  public long bytes() {
    return weight.bytes();
  }

  @Override
  public void close() {
    weight.close();
    if (bias != null) {
      bias.close();
    }
  }
}
