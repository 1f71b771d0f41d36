package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
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
  private final HostActivations none = new HostActivations(1, 1);
  private final VectorAttention attention;

  /** Uses {@code pool}, which the caller keeps and closes. */
  public VectorKernels(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new Scratch(pool.threads());
    this.attention =
        new VectorAttention(pool.threads(), none, new HostKvCache(new KvShape(1, 1, 1, false)));
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
    return new VectorColumnMatrix(transposed, pool);
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
    attention.reserve(shape.pages() * TokenBatch.PAGE, TokenBatch.PAGE * shape.headSize());
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
  public void rmsNorm(Activations x, int n, Weights weight, float epsilon, Activations out) {
    int cols = x.cols();
    for (int t = 0; t < n; t++) {
      float squares = VectorMath.squares(values(x), row(x, t), cols, 0f);
      float factor = (float) (1 / Math.sqrt(squares / cols + epsilon));
      scale(values(x), row(x, t), 0f, factor, weight, null, values(out), row(out, t), cols);
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
      float mean = VectorMath.sum(values(x), row(x, t), cols) / cols;
      float squares = VectorMath.squares(values(x), row(x, t), cols, mean);
      float factor = (float) (1 / Math.sqrt(squares / cols + epsilon));
      scale(values(x), row(x, t), mean, factor, weight, bias, values(out), row(out, t), cols);
    }
  }

  /** {@code out = (x - mean) * factor * weight + bias}: a plain loop, which C2 vectorizes. */
  private static void scale(
      float[] x,
      int from,
      float mean,
      float factor,
      Weights weight,
      @Nullable Weights bias,
      float[] out,
      int to,
      int cols) {
    float[] w = values(weight);
    for (int c = 0; c < cols; c++) {
      out[to + c] = (x[from + c] - mean) * factor * w[c];
    }
    if (bias != null) {
      float[] b = values(bias);
      for (int c = 0; c < cols; c++) {
        out[to + c] += b[c];
      }
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
      kv.store(kv.keys(), slot, values(k), row(k, t));
      kv.store(kv.values(), slot, values(v), row(v, t));
    }
  }

  @Override
  public void attention(
      Activations q, TokenBatch batch, KvCache cache, int heads, float scale, Activations out) {
    attention.bind(
        (HostActivations) q, batch, (HostKvCache) cache, heads, scale, (HostActivations) out);
    attention.runAll(pool, batch.size() * heads, 1);
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
    int count = n * x.cols();
    if (function == ActivationFunction.SILU) {
      VectorMath.silu(values(x), 0, count);
      return;
    }
    float[] to = values(x);
    boolean squared = function == ActivationFunction.RELU_SQUARED;
    for (int i = 0; i < count; i++) {
      float r = Math.max(to[i], 0f);
      to[i] = squared ? r * r : r;
    }
  }

  @Override
  public void multiply(Activations x, Activations y, int n) {
    float[] to = values(x);
    float[] from = values(y);
    for (int i = 0; i < n * x.cols(); i++) {
      to[i] *= from[i];
    }
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
