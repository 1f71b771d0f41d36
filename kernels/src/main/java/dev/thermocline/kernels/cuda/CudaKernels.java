package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations on one CUDA device, enqueued on one stream. Only {@link #synchronize} waits for
 * the device, and whatever would overrun the staging buffer of {@link CudaOptions}. Once weights
 * are loaded and a batch has been seen, operations allocate neither Java nor device memory.
 *
 * <p>Any method may throw {@link CudaException}. If loading runs out of device memory, what was
 * loaded before stays usable and nothing leaks.
 *
 * <p>Longer than most files here: one short method for each operation of {@link Kernels}, which
 * only prepares a launch, and nothing else.
 */
public final class CudaKernels implements Kernels {
  private static final int THREADS = 256;
  private static final int ATTENTION_THREADS = 256;
  private static final int HEAD_THREADS = 64;

  /** Angles kept on the device at a time; a model has one set of them or two. */
  private static final int ROPES = 4;

  private final CudaSession session;
  private final CudaLibrary library;
  private final CudaTransfers transfers;
  private final BatchTable batchTable;
  private final List<RopeTable> ropeTables = new ArrayList<>();

  /**
   * Loads the kernels.
   *
   * @param driver stays the caller's, to be closed after this
   */
  public CudaKernels(CudaDriver driver, CudaOptions options) {
    session = CudaSession.open(driver, options);
    library = session.library();
    transfers = session.transfers();
    batchTable = new BatchTable(session.heap(), transfers);
  }

  @Override
  public String name() {
    return "cuda-sm_" + session.driver().device().computeCapability();
  }

  /** The options as they turned out: without cuBLAS where it is not installed. */
  public CudaOptions options() {
    return session.options();
  }

  /** Device memory that this backend holds, all of it but what cuBLAS takes for itself. */
  public long deviceBytes() {
    return session.heap().bytes();
  }

  /**
   * Grows the scratch memory at once to what later loads will need, which else grows step by step
   * and for a moment takes both sizes.
   *
   * @param matrixRows most rows of a matrix
   * @param neurons of a layer
   * @param held most of them that are loaded here
   * @param width of their input and output
   */
  public void reserveScratch(int matrixRows, int neurons, int held, int width) {
    ScratchPlan plan = ScratchPlan.rows(matrixRows);
    session
        .scratch()
        .ensure(
            held == 0
                ? plan
                : plan.max(ScratchPlan.neurons(neurons, width, held, session.options())));
  }

  @Override
  public Activations activations(int tokens, int cols) {
    long row = 4L * DeviceFormat.pitch(cols);
    if (row > transfers.capacity()) {
      throw new IllegalArgumentException(
          "activations: expected rows of at most "
              + transfers.capacity()
              + " bytes, the CUDA staging, got "
              + row);
    }
    return new CudaActivations(session, tokens, cols);
  }

  @Override
  public Weights weights(Tensor tensor) {
    return new CudaWeights(session, tensor);
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return new CudaMatrix(session, tensor);
  }

  @Override
  public ColumnMatrix columns(Tensor transposed) {
    return new CudaColumnMatrix(session, transposed);
  }

  @Override
  public NeuronBlock neurons(NeuronWeights weights, @Nullable RowSet subset) {
    RowSet held = subset;
    if (held == null) {
      held = new RowSet(weights.neurons());
      held.fill();
    }
    Operands.checkBound("neurons to load", held, weights.neurons());
    return held.count() == 0
        ? new NoNeurons()
        : new CudaNeuronBlock(session, new HeldNeurons(session, weights, held));
  }

  @Override
  public KvCache kvCache(KvShape shape) {
    return new CudaKvCache(session, shape);
  }

  @Override
  public void embed(Matrix table, TokenBatch batch, Activations out) {
    CudaActivations to = Operands.check("embedding", out, batch.size(), table.cols());
    if (batch.size() > 0) {
      ((CudaMatrix) table).embed(batch, batchTable, to);
    }
  }

  @Override
  public void embedPositions(Matrix table, int offset, TokenBatch batch, Activations out) {
    CudaActivations to = Operands.check("embedding", out, batch.size(), table.cols());
    if (batch.size() > 0) {
      ((CudaMatrix) table).embedPositions(batch, offset, batchTable, to);
    }
  }

  @Override
  public void rmsNorm(Activations x, int n, Weights weight, float epsilon, Activations out) {
    CudaActivations from = Operands.check("norm input", x, n, weight.size());
    CudaActivations to = Operands.check("norm output", out, n, weight.size());
    if (n > 0) {
      library
          .rmsNorm
          .begin()
          .address(from.address())
          .integer(from.pitch())
          .address(address(weight))
          .address(to.address())
          .integer(to.pitch())
          .integer(x.cols())
          .real(epsilon)
          .run(n, 1, 1, THREADS);
    }
  }

  @Override
  public void layerNorm(
      Activations x,
      int n,
      Weights weight,
      @Nullable Weights bias,
      float epsilon,
      Activations out) {
    CudaActivations from = Operands.check("norm input", x, n, weight.size());
    CudaActivations to = Operands.check("norm output", out, n, weight.size());
    if (n > 0) {
      library
          .layerNorm
          .begin()
          .address(from.address())
          .integer(from.pitch())
          .address(address(weight))
          .address(bias == null ? 0 : address(bias))
          .address(to.address())
          .integer(to.pitch())
          .integer(x.cols())
          .real(epsilon)
          .run(n, 1, 1, THREADS);
    }
  }

  @Override
  public void rmsNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    normHeads(library.rmsNormHeads, x, n, headSize, weight, epsilon);
  }

  @Override
  public void layerNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    normHeads(library.layerNormHeads, x, n, headSize, weight, epsilon);
  }

  private static void normHeads(
      CudaLaunch launch, Activations x, int n, int headSize, Weights weight, float epsilon) {
    CudaActivations rows = Operands.check("norm of heads", x, n, x.cols());
    boolean shared = weight.size() == headSize;
    if (x.cols() % headSize != 0 || !shared && weight.size() != x.cols()) {
      throw new IllegalArgumentException(
          "norm of heads: expected whole heads of "
              + headSize
              + " and as many weights for all or for each, got rows of "
              + x.cols()
              + " and "
              + weight.size());
    }
    if (n > 0) {
      launch
          .begin()
          .address(rows.address())
          .integer(rows.pitch())
          .address(address(weight))
          .integer(shared ? 0 : headSize)
          .integer(headSize)
          .real(epsilon)
          .run(x.cols() / headSize, n, 1, HEAD_THREADS);
    }
  }

  @Override
  public void rope(Activations x, int n, int headSize, Rope rope) {
    CudaActivations rows = Operands.check("rope", x, n, x.cols());
    int pairs = rope.pairs();
    if (x.cols() % headSize != 0 || 2 * pairs > headSize) {
      throw new IllegalArgumentException(
          "rope: expected whole heads of at least "
              + 2 * pairs
              + " elements, got rows of "
              + x.cols()
              + " in heads of "
              + headSize);
    }
    if (n == 0 || pairs == 0) {
      return;
    }
    RopeTable table = ropeTable(rope);
    table.use(n);
    int heads = x.cols() / headSize;
    boolean normal = rope.style() == RopeStyle.NORMAL;
    library
        .rope
        .begin()
        .address(rows.address())
        .integer(rows.pitch())
        .address(table.cos())
        .address(table.sin())
        .integer(heads)
        .integer(headSize)
        .integer(pairs)
        .integer(normal ? 2 : 1)
        .integer(normal ? 1 : pairs)
        .run(CudaLaunch.blocks((long) heads * pairs, THREADS), n, 1, THREADS);
  }

  private RopeTable ropeTable(Rope rope) {
    for (int i = 0; i < ropeTables.size(); i++) {
      if (ropeTables.get(i).isOf(rope)) {
        return ropeTables.get(i);
      }
    }
    if (ropeTables.size() == ROPES) {
      ropeTables.removeFirst().close();
    }
    RopeTable table = new RopeTable(rope, session.heap(), transfers);
    ropeTables.add(table);
    return table;
  }

  @Override
  public void append(Activations k, Activations v, TokenBatch batch, KvCache cache) {
    KvShape shape = cache.shape();
    int n = batch.size();
    int longest =
        shape.kvHeads() * shape.format().stored(Math.max(shape.headSize(), shape.valueSize()));
    CudaActivations keys = Operands.check("keys", k, n, shape.kvHeads() * shape.headSize());
    CudaActivations values = Operands.check("values", v, n, shape.kvHeads() * shape.valueSize());
    if (n == 0) {
      return;
    }
    CudaKvCache to = (CudaKvCache) cache;
    batchTable.use(batch);
    library
        .cache(shape.format())
        .append()
        .begin()
        .address(keys.address())
        .integer(keys.pitch())
        .address(values.address())
        .integer(values.pitch())
        .address(batchTable.positions())
        .address(batchTable.pageStart())
        .address(batchTable.pages())
        .address(to.keys())
        .address(to.values())
        .integer(shape.kvHeads())
        .integer(shape.headSize())
        .integer(shape.valueSize())
        .run(CudaLaunch.blocks(longest, THREADS), n, 1, THREADS);
  }

  @Override
  public void attention(
      Activations q,
      TokenBatch batch,
      KvCache cache,
      AttentionShape how,
      @Nullable Weights sinks,
      Activations out) {
    KvShape shape = cache.shape();
    int n = batch.size();
    int heads = how.heads();
    CudaActivations from = Operands.check("queries", q, n, heads * shape.headSize());
    CudaActivations to = Operands.check("attention output", out, n, heads * shape.valueSize());
    checkHeads(heads, shape, sinks);
    if (n == 0) {
      return;
    }
    CudaKvCache kv = (CudaKvCache) cache;
    batchTable.use(batch);
    library
        .cache(shape.format())
        .attend()
        .begin()
        .address(from.address())
        .integer(from.pitch())
        .address(batchTable.positions())
        .address(batchTable.pageStart())
        .address(batchTable.pages())
        .address(kv.keys())
        .address(kv.values())
        .address(to.address())
        .integer(to.pitch())
        .integer(heads / shape.kvHeads())
        .integer(shape.kvHeads())
        .integer(shape.headSize())
        .integer(shape.valueSize())
        .real(how.scale())
        .real(how.softCap())
        .integer(how.window())
        .address(sinks == null ? 0 : address(sinks))
        .run(heads, n, 1, ATTENTION_THREADS);
  }

  @Override
  public void move(KvCache cache, TokenBatch moves, @Nullable Rope turn) {
    KvShape shape = cache.shape();
    int pairs = turn == null ? 0 : turn.pairs();
    if (moves.size() % 2 != 0 || 2 * pairs > shape.headSize()) {
      throw new IllegalArgumentException(
          "move: expected as many targets as sources and heads of at least "
              + 2 * pairs
              + " elements, got "
              + moves.size()
              + " rows and heads of "
              + shape.headSize());
    }
    if (moves.size() == 0) {
      return;
    }
    CudaKvCache kv = (CudaKvCache) cache;
    batchTable.use(moves);
    RopeTable table = turn == null ? null : ropeTable(turn);
    if (table != null) {
      table.use(1);
    }
    boolean normal = turn == null || turn.style() == RopeStyle.NORMAL;
    library
        .cache(shape.format())
        .move()
        .begin()
        .address(batchTable.positions())
        .address(batchTable.pageStart())
        .address(batchTable.pages())
        .integer(moves.size() / 2)
        .address(kv.keys())
        .address(kv.values())
        .integer(shape.kvHeads())
        .integer(shape.headSize())
        .integer(shape.valueSize())
        .address(table == null ? 0 : table.cos())
        .address(table == null ? 0 : table.sin())
        .integer(pairs)
        .integer(normal ? 2 : 1)
        .integer(normal ? 1 : pairs)
        .run(shape.kvHeads(), 1, 1, ATTENTION_THREADS);
  }

  private static void checkHeads(int heads, KvShape shape, @Nullable Weights sinks) {
    if (heads % shape.kvHeads() != 0 || sinks != null && sinks.size() != heads) {
      throw new IllegalArgumentException(
          "attention: expected a multiple of "
              + shape.kvHeads()
              + " heads and as many sinks, got "
              + heads
              + (sinks == null ? "" : " and " + sinks.size()));
    }
  }

  @Override
  public void add(Activations x, Activations y, int n) {
    CudaActivations to = Operands.check("left operand", x, n, x.cols());
    CudaActivations from = Operands.check("right operand", y, n, x.cols());
    if (n > 0) {
      long quads = quads(to, n);
      library
          .add
          .begin()
          .address(to.address())
          .address(from.address())
          .longer(quads)
          .run(CudaLaunch.blocks(quads, THREADS), 1, 1, THREADS);
    }
  }

  @Override
  public void multiply(ActivationFunction function, Activations x, Activations up, int n) {
    CudaActivations to = Operands.check("activated gate", x, n, x.cols());
    CudaActivations from = Operands.check("up", up, n, x.cols());
    if (n > 0) {
      long quads = quads(to, n);
      library
          .multiply
          .begin()
          .address(to.address())
          .address(from.address())
          .integer(CudaLibrary.number(function))
          .longer(quads)
          .run(CudaLaunch.blocks(quads, THREADS), 1, 1, THREADS);
    }
  }

  @Override
  public void scale(Activations x, int n, float factor) {
    withReal(library.scale, x, n, factor);
  }

  @Override
  public void softCap(Activations x, int n, float cap) {
    withReal(library.softCap, x, n, cap);
  }

  private static void withReal(CudaLaunch launch, Activations x, int n, float value) {
    CudaActivations to = Operands.check("elements", x, n, x.cols());
    if (n > 0) {
      long quads = quads(to, n);
      launch
          .begin()
          .address(to.address())
          .real(value)
          .longer(quads)
          .run(CudaLaunch.blocks(quads, THREADS), 1, 1, THREADS);
    }
  }

  @Override
  public void addBias(Activations x, int n, Weights bias) {
    CudaActivations to = Operands.check("biased values", x, n, bias.size());
    if (n > 0) {
      long quads = quads(to, n);
      library
          .addBias
          .begin()
          .address(to.address())
          .address(address(bias))
          .integer(to.pitch() / 4)
          .longer(quads)
          .run(CudaLaunch.blocks(quads, THREADS), 1, 1, THREADS);
    }
  }

  @Override
  public void activate(ActivationFunction function, Activations x, int n) {
    CudaActivations to = Operands.check("activation", x, n, x.cols());
    if (n > 0) {
      long quads = quads(to, n);
      library
          .activate
          .begin()
          .address(to.address())
          .integer(CudaLibrary.number(function))
          .longer(quads)
          .run(CudaLaunch.blocks(quads, THREADS), 1, 1, THREADS);
    }
  }

  @Override
  public void clear(Activations x, int n) {
    CudaActivations to = Operands.check("clearing", x, n, x.cols());
    if (n > 0) {
      session.driver().clear(to.address(), n * to.rowBytes(), session.stream());
    }
  }

  @Override
  public void upload(HostActivations from, int n, Activations to) {
    checkHost("upload", from, n);
    transfers.upload(from, n, Operands.check("upload", to, n, from.cols()));
  }

  @Override
  public void download(Activations from, int n, HostActivations to) {
    checkHost("download", to, n);
    transfers.download(Operands.check("download", from, n, to.cols()), n, to);
  }

  /**
   * Something to time stretches of the work with; the caller closes it before these kernels.
   *
   * @param stretches that it can hold at a time
   */
  public CudaStopwatch stopwatch(int stretches) {
    return new CudaStopwatch(session, stretches);
  }

  @Override
  public void synchronize() {
    transfers.synchronize();
  }

  /** Frees all device memory of this backend, also of objects that were not closed. */
  @Override
  public void close() {
    session.close();
  }

  private static void checkHost(String subject, HostActivations x, int n) {
    if (n < 0 || n > x.tokens()) {
      throw new IllegalArgumentException(
          subject + ": expected at most " + x.tokens() + " rows, got " + n);
    }
  }

  private static long address(Weights weights) {
    return ((CudaWeights) weights).address();
  }

  /** Groups of four elements of {@code n} padded rows. */
  private static long quads(CudaActivations x, int n) {
    return (long) n * x.pitch() / 4;
  }
}
