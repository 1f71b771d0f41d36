package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.format.TensorFormat;

/** A weight on the device; one warp a row. */
final class CudaMatrix implements Matrix {
  private static final int WARPS = 4;
  private static final int THREADS = 32 * WARPS;

  private final CudaSession session;
  private final TensorFormat format;
  private final long bytes;
  private final CudaBuffer buffer;
  private final DeviceRows weights;

  CudaMatrix(CudaSession session, Tensor tensor) {
    this.session = session;
    this.format = tensor.format();
    this.bytes = tensor.data().byteSize();
    DeviceLayout layout = new DeviceLayout();
    RowsPlan plan = RowsPlan.of(layout, tensor, tensor.rows());
    buffer = session.heap().allocate(layout.bytes());
    try {
      weights = plan.at(buffer.address(), session.library());
      session.scratch().ensure(ScratchPlan.rows(tensor.rows()));
      session.loader().load(tensor, null, weights);
      session.transfers().synchronize();
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  @Override
  public int rows() {
    return weights.rows();
  }

  @Override
  public int cols() {
    return weights.cols();
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
  public void multiply(Activations x, int n, Activations out) {
    CudaActivations from = Operands.check("product input", x, n, cols());
    CudaActivations to = Operands.check("product output", out, n, rows());
    if (n == 0) {
      return;
    }
    if (n > 1) {
      weights.multiplyBatch(from, 0, n, to.address(), to.pitch());
      return;
    }
    weights
        .kernels()
        .multiply()
        .begin()
        .address(weights.data())
        .address(weights.scales())
        .address(from.address())
        .integer(from.pitch())
        .address(to.address())
        .integer(to.pitch())
        .integer(rows())
        .integer(weights.chunks())
        .integer(1)
        .run(CudaLaunch.blocks(rows(), WARPS), 1, 1, THREADS);
  }

  @Override
  public void multiplyRows(Activations x, int token, RowSet rows, Activations out) {
    CudaActivations from = Operands.check("product input", x, token + 1, cols());
    CudaActivations to = Operands.check("product output", out, token + 1, rows());
    Operands.checkBound("rows of a product", rows, rows());
    session.transfers().upload(rows, session.scratch().masks());
    weights
        .kernels()
        .multiplyRows()
        .begin()
        .address(weights.data())
        .address(weights.scales())
        .address(session.scratch().masks())
        .address(from.address(token))
        .address(to.address(token))
        .integer(rows())
        .integer(weights.chunks())
        .run(CudaLaunch.blocks(rows(), WARPS), 1, 1, THREADS);
  }

  /** {@code out[i] = row tokens[i]}. */
  void embed(TokenBatch batch, BatchTable table, CudaActivations out) {
    checkRows("token", batch.tokens(), 0, batch.size());
    table.use(batch);
    embed(table.tokens(), 0, batch.size(), out);
  }

  /** {@code out[i] = row positions[i] + offset}. */
  void embedPositions(TokenBatch batch, int offset, BatchTable table, CudaActivations out) {
    checkRows("position", batch.positions(), offset, batch.size());
    table.use(batch);
    embed(table.positions(), offset, batch.size(), out);
  }

  private void checkRows(String what, int[] rows, int offset, int count) {
    for (int i = 0; i < count; i++) {
      if (rows[i] < 0 || rows[i] >= rows() - offset) {
        throw new IllegalArgumentException(
            "embedding: expected a " + what + " below " + (rows() - offset) + ", got " + rows[i]);
      }
    }
  }

  private void embed(long rows, int offset, int count, CudaActivations out) {
    weights
        .kernels()
        .embed()
        .begin()
        .address(weights.data())
        .address(weights.scales())
        .address(rows)
        .integer(offset)
        .address(out.address())
        .integer(out.pitch())
        .integer(cols())
        .integer(weights.chunks())
        .run(CudaLaunch.blocks(weights.chunks(), THREADS), count, 1, THREADS);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
