package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.Weights;
import dev.thermocline.kernels.host.HostKvCache;
import dev.thermocline.kernels.host.HostWeights;
import dev.thermocline.kernels.host.RowRotation;
import dev.thermocline.kernels.parallel.WorkerPool;
import org.jspecify.annotations.Nullable;

/** The Vector API backend: weights read in place, work split over a pool. */
public final class VectorKernels implements Kernels {
  private final WorkerPool pool;
  private final Scratch scratch;
  private final float[] lanes = new float[Lanes.L];
  private final HostActivations none = new HostActivations(1, 1);
  private final VectorAttention attention;

  /** Uses {@code pool}, which the caller keeps and closes. */
  public VectorKernels(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new Scratch(pool.threads());
    this.attention =
        new VectorAttention(
            pool.threads(), none, new HostKvCache(new KvShape(1, 1, 1, KvFormat.F32)));
  }

  /** As {@link Kernels#vectorBatchBytes}. */
  public static long batchBytes(int threads, int tokens, int widest, int width) {
    return Scratch.batchBytes(threads, tokens, widest, width);
  }

  @Override
  public String name() {
    return "vector-" + Lanes.BITS;
  }

  @Override
  public Activations activations(int tokens, int cols) {
    return new HostActivations(tokens, cols);
  }

  @Override
  public Weights weights(Tensor tensor) {
    return new HostWeights(tensor);
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return new VectorMatrix(tensor, pool, scratch, none);
  }

  @Override
  public ColumnMatrix columns(Tensor transposed) {
    return new VectorColumnMatrix(transposed, pool, scratch);
  }

  @Override
  public NeuronBlock neurons(NeuronWeights weights, @Nullable RowSet subset) {
    RowSet held = new RowSet(weights.neurons());
    if (subset == null) {
      held.fill();
    } else {
      held.addAll(subset);
    }
    int[] list = new int[held.count()];
    held.list(list);
    return new VectorNeuronBlock(weights, list, pool, scratch, none);
  }

  @Override
  public KvCache kvCache(KvShape shape) {
    int longest = shape.format().stored(Math.max(shape.headSize(), shape.valueSize()));
    attention.reserve(shape.pages() * TokenBatch.PAGE, TokenBatch.PAGE * longest);
    return new HostKvCache(shape);
  }

  @Override
  public void embed(Matrix table, TokenBatch batch, Activations out) {
    VectorMatrix matrix = (VectorMatrix) table;
    for (int t = 0; t < batch.size(); t++) {
      matrix.decode(batch.tokens()[t], values(out), row(out, t));
    }
  }

  @Override
  public void embedPositions(Matrix table, int offset, TokenBatch batch, Activations out) {
    VectorMatrix matrix = (VectorMatrix) table;
    for (int t = 0; t < batch.size(); t++) {
      matrix.decode(batch.positions()[t] + offset, values(out), row(out, t));
    }
  }

  @Override
  public void rmsNorm(Activations x, int n, Weights weight, float epsilon, Activations out) {
    int cols = x.cols();
    for (int t = 0; t < n; t++) {
      VectorNorm.rms(
          values(x), row(x, t), cols, values(weight), 0, epsilon, values(out), row(out, t), lanes);
    }
  }

  @Override
  public void rmsNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    float[] w = values(weight);
    for (int i = 0; i < n * x.cols(); i += headSize) {
      int own = i % x.cols() % w.length;
      VectorNorm.rms(values(x), i, headSize, w, own, epsilon, values(x), i, lanes);
    }
  }

  @Override
  public void layerNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    float[] w = values(weight);
    for (int i = 0; i < n * x.cols(); i += headSize) {
      int own = i % x.cols() % w.length;
      VectorNorm.layer(values(x), i, headSize, w, own, null, epsilon, values(x), i, lanes);
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
    int cols = x.cols();
    for (int t = 0; t < n; t++) {
      VectorNorm.layer(
          values(x),
          row(x, t),
          cols,
          values(weight),
          0,
          bias == null ? null : values(bias),
          epsilon,
          values(out),
          row(out, t),
          lanes);
    }
  }

  @Override
  public void rope(Activations x, int n, int headSize, Rope rope) {
    for (int t = 0; t < n; t++) {
      RowRotation.rotate(values(x), row(x, t), x.cols() / headSize, headSize, rope, t);
    }
  }

  @Override
  public void append(Activations k, Activations v, TokenBatch batch, KvCache cache) {
    HostKvCache kv = (HostKvCache) cache;
    for (int t = 0; t < batch.size(); t++) {
      int slot = batch.slot(t, batch.positions()[t]);
      kv.storeKeys(slot, values(k), row(k, t));
      kv.storeValues(slot, values(v), row(v, t));
    }
  }

  @Override
  public void attention(
      Activations q,
      TokenBatch batch,
      KvCache cache,
      AttentionShape shape,
      @Nullable Weights sinks,
      Activations out) {
    attention.bind(
        (HostActivations) q,
        batch,
        (HostKvCache) cache,
        shape,
        sinks == null ? null : values(sinks),
        (HostActivations) out);
    attention.runAll(pool, batch.size() * shape.heads(), 1);
  }

  @Override
  public void move(KvCache cache, TokenBatch moves, @Nullable Rope turn) {
    ((HostKvCache) cache).move(moves, turn);
  }

  @Override
  public void add(Activations x, Activations y, int n) {
    float[] to = values(x);
    float[] from = values(y);
    for (int i = 0; i < n * x.cols(); i++) {
      to[i] += from[i];
    }
  }

  @Override
  public void addBias(Activations x, int n, Weights bias) {
    float[] to = values(x);
    float[] b = values(bias);
    for (int t = 0; t < n; t++) {
      int at = row(x, t);
      for (int c = 0; c < b.length; c++) {
        to[at + c] += b[c];
      }
    }
  }

  @Override
  public void activate(ActivationFunction function, Activations x, int n) {
    VectorActivation.apply(function, values(x), n * x.cols());
  }

  @Override
  public void multiply(ActivationFunction function, Activations x, Activations up, int n) {
    VectorActivation.multiply(function, values(x), values(up), n * x.cols());
  }

  @Override
  public void scale(Activations x, int n, float factor) {
    float[] to = values(x);
    for (int i = 0; i < n * x.cols(); i++) {
      to[i] *= factor;
    }
  }

  @Override
  public void softCap(Activations x, int n, float cap) {
    VectorMath.softCap(values(x), 0, n * x.cols(), cap);
  }

  @Override
  public void clear(Activations x, int n) {
    ((HostActivations) x).clear(n);
  }

  @Override
  public void upload(HostActivations from, int n, Activations to) {
    System.arraycopy(from.values(), 0, values(to), 0, n * from.cols());
  }

  @Override
  public void download(Activations from, int n, HostActivations to) {
    System.arraycopy(values(from), 0, to.values(), 0, n * from.cols());
  }

  @Override
  public void synchronize() {}

  private static float[] values(Activations x) {
    return ((HostActivations) x).values();
  }

  private static float[] values(Weights weights) {
    return ((HostWeights) weights).values();
  }

  private static int row(Activations x, int token) {
    return ((HostActivations) x).offset(token);
  }

  @Override
  public void close() {}
}
