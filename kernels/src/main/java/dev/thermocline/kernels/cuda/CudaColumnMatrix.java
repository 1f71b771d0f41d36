package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;

/** Columns as rows on the device; the kernels of the down projection add the selected ones. */
final class CudaColumnMatrix implements ColumnMatrix {
  private final CudaSession session;
  private final TensorFormat format;
  private final long bytes;
  private final Slices slices;
  private final CudaBuffer buffer;
  private final DeviceRows columns;
  private final NeuronDown down;

  CudaColumnMatrix(CudaSession session, Tensor transposed) {
    this.session = session;
    this.format = transposed.format();
    this.bytes = transposed.data().byteSize();
    this.slices = Slices.of(transposed.rows());
    DeviceLayout layout = new DeviceLayout();
    RowsPlan plan = RowsPlan.of(layout, transposed, transposed.rows());
    buffer = session.heap().allocate(layout.bytes());
    try {
      columns = plan.at(buffer.address(), session.library());
      down = new NeuronDown(session, columns, slices);
      session.scratch().ensure(ScratchPlan.sum(cols(), rows()));
      session.loader().load(transposed, null, columns);
      session.transfers().synchronize();
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  @Override
  public int rows() {
    return columns.cols();
  }

  @Override
  public int cols() {
    return columns.rows();
  }

  @Override
  public TensorFormat format() {
    return format;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void multiplyColumns(Activations x, int token, RowSet selected, Activations out) {
    CudaActivations from = Operands.check("product input", x, token + 1, cols());
    CudaActivations to = Operands.check("product output", out, token + 1, rows());
    Operands.checkBound("columns of a product", selected, cols());
    NeuronScratch scratch = session.scratch();
    session.transfers().upload(selected, scratch.masks());
    session
        .library()
        .listColumns
        .begin()
        .address(scratch.masks())
        .integer(cols())
        .integer(slices.size())
        .address(scratch.list())
        .address(scratch.starts())
        .run(1, 1, 1, slices.threads());
    down.run(from.address(token), 1, to, token, false);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
