package dev.thermocline.kernels.cuda;

/** The sum of listed rows, each times its value: what down projections and columns share. */
final class NeuronDown {
  private static final int THREADS = 128;

  /** Tokens of a thread of the batched sum, as {@code neurons.cuh} has them. */
  private static final int BATCH_TOKENS = 4;

  private final CudaSession session;
  private final DeviceRows rows;
  private final Slices slices;

  NeuronDown(CudaSession session, DeviceRows rows, Slices slices) {
    this.session = session;
    this.rows = rows;
    this.slices = slices;
  }

  /**
   * Enqueues {@code out[t] = or += sum of values[t][j] * rows[j]} over the scratch's lists.
   *
   * @param values {@code [tokens][rows]}
   */
  void run(long values, int tokens, CudaActivations out, int firstToken, boolean accumulate) {
    NeuronScratch scratch = session.scratch();
    rows.kernels()
        .neuronDown()
        .begin()
        .address(rows.data())
        .address(rows.scales())
        .address(values)
        .address(scratch.list())
        .address(scratch.starts())
        .address(scratch.partial())
        .integer(pitch())
        .integer(rows.rows())
        .integer(rows.chunks())
        .run(blocks(), slices.count(), tokens, threads());
    merge(tokens, out, firstToken, accumulate);
  }

  /**
   * Enqueues {@code out[t] += sum of values[t][j] * rows[j]}, the same sums for several tokens that
   * share the reading of the rows.
   *
   * @param values {@code [tokens][rows]}, zero for rows that are left out
   */
  void runBatch(long values, int tokens, CudaActivations out, int firstToken) {
    rows.kernels()
        .neuronDownBatch()
        .begin()
        .address(rows.data())
        .address(rows.scales())
        .address(values)
        .address(session.scratch().partial())
        .integer(pitch())
        .integer(rows.rows())
        .integer(slices.size())
        .integer(rows.chunks())
        .integer(tokens)
        .run(blocks(), slices.count(), CudaLaunch.blocks(tokens, BATCH_TOKENS), threads());
    merge(tokens, out, firstToken, true);
  }

  private int pitch() {
    return DeviceFormat.pitch(rows.cols());
  }

  private int threads() {
    return Math.min(THREADS, (rows.chunks() + 31) / 32 * 32);
  }

  private int blocks() {
    return CudaLaunch.blocks(rows.chunks(), threads());
  }

  private void merge(int tokens, CudaActivations out, int firstToken, boolean accumulate) {
    session
        .library()
        .neuronMerge
        .begin()
        .address(session.scratch().partial())
        .integer(pitch())
        .integer(slices.count())
        .address(out.address(firstToken))
        .integer(out.pitch())
        .integer(rows.cols())
        .integer(accumulate ? 1 : 0)
        .run(CudaLaunch.blocks(rows.cols(), THREADS), tokens, 1, THREADS);
  }
}
