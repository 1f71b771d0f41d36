package dev.thermocline.kernels.cuda;

/** The sum of listed rows, each times its value: what down projections and columns share. */
final class NeuronDown {
  private static final int THREADS = 128;

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
    int pitch = DeviceFormat.pitch(rows.cols());
    int threads = Math.min(THREADS, (rows.chunks() + 31) / 32 * 32);
    rows.kernels()
        .neuronDown()
        .begin()
        .address(rows.data())
        .address(rows.scales())
        .address(values)
        .address(scratch.list())
        .address(scratch.starts())
        .address(scratch.partial())
        .integer(pitch)
        .integer(rows.rows())
        .integer(rows.chunks())
        .run(CudaLaunch.blocks(rows.chunks(), threads), slices.count(), tokens, threads);
    session
        .library()
        .neuronMerge
        .begin()
        .address(scratch.partial())
        .integer(pitch)
        .integer(slices.count())
        .address(out.address(firstToken))
        .integer(out.pitch())
        .integer(rows.cols())
        .integer(accumulate ? 1 : 0)
        .run(CudaLaunch.blocks(rows.cols(), THREADS), tokens, 1, THREADS);
  }
}
