package dev.thermocline.kernels.reference;

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
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.Weights;
import dev.thermocline.kernels.host.HostKvCache;
import dev.thermocline.kernels.host.HostWeights;
import dev.thermocline.kernels.host.RowRotation;
import org.jspecify.annotations.Nullable;

/** The scalar oracle: one thread, plain loops, sums in double precision. */
public final class ReferenceKernels implements Kernels {

  @Override
  public String name() {
    return "reference";
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
    return new ReferenceMatrix(tensor);
  }

  @Override
  public ColumnMatrix columns(Tensor transposed) {
    return new ReferenceColumnMatrix(transposed);
  }

  @Override
  public NeuronBlock neurons(NeuronWeights weights, @Nullable RowSet subset) {
    RowSet held = new RowSet(weights.neurons());
    if (subset == null) {
      held.fill();
    } else {
      held.addAll(subset);
    }
    return new ReferenceNeuronBlock(weights, held);
  }

  @Override
  public KvCache kvCache(KvShape shape) {
    return new HostKvCache(shape);
  }

  @Override
  public void embed(Matrix table, TokenBatch batch, Activations out) {
    Tensor tensor = ((ReferenceMatrix) table).tensor();
    for (int t = 0; t < batch.size(); t++) {
      tensor.decodeRow(batch.tokens()[t], values(out), row(out, t));
    }
  }

  @Override
  public void embedPositions(Matrix table, int offset, TokenBatch batch, Activations out) {
    Tensor tensor = ((ReferenceMatrix) table).tensor();
    for (int t = 0; t < batch.size(); t++) {
      tensor.decodeRow(batch.positions()[t] + offset, values(out), row(out, t));
    }
  }

  @Override
  public void rmsNorm(Activations x, int n, Weights weight, float epsilon, Activations out) {
    for (int t = 0; t < n; t++) {
      ReferenceNorm.rms(
          values(x), row(x, t), x.cols(), values(weight), 0, epsilon, values(out), row(out, t));
    }
  }

  @Override
  public void rmsNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    float[] w = values(weight);
    for (int i = 0; i < n * x.cols(); i += headSize) {
      int own = i % x.cols() % w.length;
      ReferenceNorm.rms(values(x), i, headSize, w, own, epsilon, values(x), i);
    }
  }

  @Override
  public void layerNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon) {
    float[] w = values(weight);
    for (int i = 0; i < n * x.cols(); i += headSize) {
      int own = i % x.cols() % w.length;
      ReferenceNorm.layer(values(x), i, headSize, w, own, null, epsilon, values(x), i);
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
    for (int t = 0; t < n; t++) {
      ReferenceNorm.layer(
          values(x),
          row(x, t),
          x.cols(),
          values(weight),
          0,
          bias == null ? null : values(bias),
          epsilon,
          values(out),
          row(out, t));
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
    ReferenceAttention attention =
        new ReferenceAttention(
            (HostActivations) q,
            batch,
            (HostKvCache) cache,
            shape,
            sinks == null ? null : values(sinks));
    for (int t = 0; t < batch.size(); t++) {
      for (int head = 0; head < shape.heads(); head++) {
        attention.head(t, head, (HostActivations) out);
      }
    }
  }

  @Override
  public void move(KvCache cache, TokenBatch moves, @Nullable Rope turn) {
    ((HostKvCache) cache).move(moves, turn);
  }

  @Override
  public void add(Activations x, Activations y, int n) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] += values(y)[i];
    }
  }

  @Override
  public void addBias(Activations x, int n, Weights bias) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] += values(bias)[i % x.cols()];
    }
  }

  @Override
  public void activate(ActivationFunction function, Activations x, int n) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] = function.apply(values(x)[i]);
    }
  }

  @Override
  public void multiply(ActivationFunction function, Activations x, Activations up, int n) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] *= function.factor(values(up)[i]);
    }
  }

  @Override
  public void scale(Activations x, int n, float factor) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] *= factor;
    }
  }

  @Override
  public void softCap(Activations x, int n, float cap) {
    for (int i = 0; i < n * x.cols(); i++) {
      values(x)[i] = (float) (cap * Math.tanh((double) values(x)[i] / cap));
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
