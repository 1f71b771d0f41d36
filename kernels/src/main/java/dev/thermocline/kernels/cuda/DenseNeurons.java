package dev.thermocline.kernels.cuda;

/**
 * Gate and up products of a whole tile of tokens by cuBLAS: rows are widened to floats a piece at a
 * time and multiplied densely. Worth it once a tile is full, since the rows are then read once and
 * not once a token.
 */
final class DenseNeurons {
  private static final int THREADS = 256;

  /** Bytes of widened rows that are multiplied together. */
  private static final int PIECE_BYTES = 8 << 20;

  private final CudaSession session;
  private final CublasGemm gemm;

  DenseNeurons(CudaSession session, CublasGemm gemm) {
    this.session = session;
    this.gemm = gemm;
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
      gemm.multiply(
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
