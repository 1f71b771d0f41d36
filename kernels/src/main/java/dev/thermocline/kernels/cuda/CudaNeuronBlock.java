package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.RowSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Neurons on the device. A forward pass is a handful of launches whose sizes do not depend on how
 * many neurons are active; that number never leaves the device.
 */
final class CudaNeuronBlock implements NeuronBlock {
  private static final int WARPS = 4;
  private static final int THREADS = 32 * WARPS;

  /**
   * Blocks of a multiprocessor that share the listed neurons of a token: as many as it holds at
   * once, since each warp waits for its rows most of the time.
   */
  private static final int BLOCKS_PER_MULTIPROCESSOR = 16;

  private final CudaSession session;
  private final HeldNeurons held;
  private final NeuronDown down;
  private final DenseNeurons dense;

  CudaNeuronBlock(CudaSession session, HeldNeurons held) {
    this.session = session;
    this.held = held;
    this.down = new NeuronDown(session, held.down(), held.slices());
    this.dense = new DenseNeurons(session);
  }

  @Override
  public int neurons() {
    return held.count();
  }

  @Override
  public long bytes() {
    return held.bytes();
  }

  @Override
  public void cutoffs(float[] cutoffs) {
    held.cutoffs(cutoffs);
  }

  @Override
  public void forward(
      Activations x, int n, RowSet @Nullable [] candidates, boolean skip, Activations out) {
    CudaActivations from = Operands.check("neuron input", x, n, held.width());
    CudaActivations to = Operands.check("neuron output", out, n, held.width());
    if (candidates != null) {
      for (int t = 0; t < n; t++) {
        Operands.checkBound("candidate neurons", candidates[t], held.layerNeurons());
      }
    }
    int tile = session.scratch().tile();
    for (int first = 0; first < n; first += tile) {
      forwardTile(from, first, Math.min(tile, n - first), candidates, skip, to);
    }
  }

  private void forwardTile(
      CudaActivations x,
      int first,
      int count,
      RowSet @Nullable [] candidates,
      boolean skip,
      CudaActivations out) {
    NeuronScratch scratch = session.scratch();
    long masks = 0;
    if (candidates != null) {
      masks = scratch.masks();
      session.transfers().upload(candidates, first, count, masks);
    }
    if (count > 1 && !held.usesInt8()) {
      dense.test(held, x, first, count);
      compact(count, masks, skip);
      if (held.gated()) {
        multiplySeveral(x, first, count, skip || candidates != null);
      }
    } else {
      if (held.usesInt8()) {
        quantize(x, first, count);
      }
      test(x, first, count, masks);
      compact(count, masks, skip);
      if (held.gated()) {
        multiply(x, first, count);
      }
    }
    if (count > 1) {
      down.runBatch(scratch.values(), count, out, first);
    } else {
      down.run(scratch.values(), count, out, first, true);
    }
  }

  /** Where neurons are left out, a few tokens together read less than all of the rows. */
  private void multiplySeveral(CudaActivations x, int first, int count, boolean leftOut) {
    if (leftOut && count < DenseNeurons.GEMM_TILE) {
      multiply(x, first, count);
    } else {
      dense.multiply(held, x, first, count);
    }
  }

  private void quantize(CudaActivations x, int first, int count) {
    int blocks = x.pitch() / 32;
    session
        .library()
        .quantizeRows
        .begin()
        .address(x.address(first))
        .integer(x.pitch())
        .address(session.scratch().quants())
        .address(session.scratch().quantScales())
        .integer(blocks)
        .run(CudaLaunch.blocks(blocks, WARPS), count, 1, THREADS);
  }

  private void test(CudaActivations x, int first, int count, long masks) {
    DeviceRows rows = held.tested();
    CudaLaunch launch =
        input(
            rows,
            rows.kernels().neuronTest(),
            rows.kernels().testInt8(),
            held.testedBias(),
            held.ids(),
            masks,
            held.maskWords(),
            x,
            first);
    launch
        .address(session.scratch().values())
        .integer(held.count())
        .integer(rows.chunks())
        .integer(CudaLibrary.number(held.activation()))
        .run(CudaLaunch.blocks(held.count(), WARPS), count, 1, THREADS);
  }

  private void compact(int count, long masks, boolean skip) {
    NeuronScratch scratch = session.scratch();
    session
        .library()
        .neuronCompact
        .begin()
        .address(scratch.values())
        .address(held.cutoffs())
        .address(held.ids())
        .address(masks)
        .integer(held.maskWords())
        .integer(skip ? 1 : 0)
        .integer(held.count())
        .integer(held.slices().size())
        .address(scratch.list())
        .address(scratch.starts())
        .address(held.counters())
        .run(count, 1, 1, held.slices().threads());
  }

  private void multiply(CudaActivations x, int first, int count) {
    NeuronScratch scratch = session.scratch();
    DeviceRows rows = held.up();
    int resident = BLOCKS_PER_MULTIPROCESSOR * session.driver().device().multiprocessors();
    int blocks = Math.min(resident, CudaLaunch.blocks(held.count(), WARPS));
    CudaLaunch launch =
        input(
            rows,
            rows.kernels().neuronMultiply(),
            rows.kernels().multiplyInt8(),
            held.upBias(),
            scratch.list(),
            scratch.starts(),
            held.slices().count(),
            x,
            first);
    launch
        .address(scratch.values())
        .integer(held.count())
        .integer(rows.chunks())
        .integer(CudaLibrary.number(held.activation()))
        .run(blocks, count, 1, THREADS);
  }

  /** Sets what both products begin with: weights, which neurons, and x in one of its two forms. */
  private CudaLaunch input(
      DeviceRows rows,
      CudaLaunch exact,
      @Nullable CudaLaunch int8,
      long bias,
      long which,
      long where,
      int count,
      CudaActivations x,
      int first) {
    if (int8 != null && held.usesInt8()) {
      NeuronScratch scratch = session.scratch();
      return neurons(int8, rows, bias, which, where, count)
          .address(scratch.quants())
          .address(scratch.quantScales());
    }
    return neurons(exact, rows, bias, which, where, count)
        .address(x.address(first))
        .integer(x.pitch());
  }

  private static CudaLaunch neurons(
      CudaLaunch launch, DeviceRows rows, long bias, long which, long where, int count) {
    return launch
        .begin()
        .address(rows.data())
        .address(rows.scales())
        .address(bias)
        .address(which)
        .address(where)
        .integer(count);
  }

  @Override
  public long neuronsAdded() {
    return session.transfers().read(held.counters() + 8);
  }

  @Override
  public long neuronsTested() {
    return session.transfers().read(held.counters());
  }

  @Override
  public int[] addedByGroup() {
    int[] groups = new int[NeuronBlock.groups(held.layerNeurons())];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment counts = arena.allocate(JAVA_LONG, groups.length);
      session.transfers().read(held.counters() + 16, counts);
      for (int g = 0; g < groups.length; g++) {
        groups[g] = (int) counts.getAtIndex(JAVA_LONG, g);
      }
    }
    return groups;
  }

  @Override
  public void close() {
    held.close();
  }
}
