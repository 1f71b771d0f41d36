package dev.thermocline.kernels.cuda;

import org.jspecify.annotations.Nullable;

/**
 * Gate and up products of several tokens, which so share the reading of the rows: by our own
 * kernel, which gives every token what it gets alone, or for a full tile by cuBLAS, for which rows
 * are widened to floats a piece at a time.
 */
final class DenseNeurons {
  /** Tokens that cuBLAS takes at once. */
  static final int GEMM_TILE = 32;

  private static final int THREADS = 256;

  /** Bytes of widened rows that are multiplied together. */
  private static final int PIECE_BYTES = 8 << 20;

  private final CudaSession session;
  private final @Nullable CublasGemm gemm;

  DenseNeurons(CudaSession session) {
    this.session = session;
    this.gemm = session.gemm();
  }

  /** Rows of {@code cols} elements that are multiplied together. */
  static int pieceRows(int rows, int cols) {
    return Math.clamp(PIECE_BYTES / (4L * DeviceFormat.pitch(cols)), 1, rows);
  }

  /** Enqueues {@code values[t][j] = act(W[j] . x[t] + bias[j])}. */
  void test(HeldNeurons held, CudaActivations x, int first, int count) {
    NeuronScratch scratch = session.scratch();
    multiply(held.tested(), x, first, count, scratch.values());
    session
        .library()
        .denseActivate
        .begin()
        .address(scratch.values())
        .address(held.testedBias())
        .integer(held.count())
        .integer(CudaLibrary.number(held.activation()))
        .run(CudaLaunch.blocks(held.count(), THREADS), count, 1, THREADS);
  }

  /** Enqueues {@code values[t][j] *= factor(V[j] . x[t] + bias[j])}. */
  void multiply(HeldNeurons held, CudaActivations x, int first, int count) {
    NeuronScratch scratch = session.scratch();
    multiply(held.up(), x, first, count, scratch.factors());
    session
        .library()
        .denseMultiply
        .begin()
        .address(scratch.values())
        .address(scratch.factors())
        .address(held.upBias())
        .integer(held.count())
        .integer(CudaLibrary.number(held.activation()))
        .run(CudaLaunch.blocks(held.count(), THREADS), count, 1, THREADS);
  }

  private void multiply(DeviceRows rows, CudaActivations x, int first, int count, long out) {
    if (gemm == null || count < GEMM_TILE) {
      rows.multiplyBatch(x, first, count, out, rows.rows());
    } else {
      multiply(gemm, rows, x, first, count, out);
    }
  }

  private void multiply(
      CublasGemm library, DeviceRows rows, CudaActivations x, int first, int count, long out) {
    int pitch = DeviceFormat.pitch(rows.cols());
    long wide = session.scratch().wideRows();
    int piece = pieceRows(rows.rows(), rows.cols());
    for (int row = 0; row < rows.rows(); row += piece) {
      int here = Math.min(piece, rows.rows() - row);
      rows.kernels()
          .denseUnpack()
          .begin()
          .address(rows.data())
          .address(rows.scales())
          .integer(row)
          .integer(here)
          .integer(rows.chunks())
          .address(wide)
          .run(CudaLaunch.blocks((long) here * rows.chunks(), THREADS), 1, 1, THREADS);
      library.multiply(
          CublasGemm.Element.F32,
          count,
          here,
          rows.cols(),
          x.address(first),
          x.pitch(),
          wide,
          pitch,
          out + 4L * row,
          rows.rows(),
          session.stream());
    }
  }
}
