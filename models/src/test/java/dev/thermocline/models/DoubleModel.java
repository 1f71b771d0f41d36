package dev.thermocline.models;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.gguf.GgufFile;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Both architectures in double precision, written down independently of the product: it takes sizes
 * from the description of a tiny model, recomputes everything for every token, and knows neither
 * caches nor batches.
 */
final class DoubleModel {
  private static final double EPSILON = 1e-5f;

  private final TinyModel shape;
  private final GgufFile gguf;
  private final Map<String, double[]> weights = new ConcurrentHashMap<>();

  DoubleModel(TinyModel shape, GgufFile gguf) {
    this.shape = shape;
    this.gguf = gguf;
  }

  /** Logits after each token, {@code [tokens][n_vocab]}. */
  double[][] logits(int... tokens) {
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = new double[shape.nEmbd];
      System.arraycopy(weight("token_embd.weight"), tokens[t] * shape.nEmbd, x[t], 0, shape.nEmbd);
    }
    for (int layer = 0; layer < shape.nLayer; layer++) {
      String prefix = "blk." + layer + ".";
      attention(prefix, x);
      for (double[] row : x) {
        addTo(row, feedForward(prefix, norm(row, prefix + "ffn_norm")));
      }
    }
    double[][] logits = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      logits[t] =
          linear(norm(x[t], "output_norm"), shape.tied ? "token_embd" : "output", shape.nVocab);
    }
    return logits;
  }

  private void attention(String prefix, double[][] x) {
    int n = x.length;
    double[][] q = new double[n][];
    double[][] k = new double[n][];
    double[][] v = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] normed = norm(x[t], prefix + "attn_norm");
      q[t] = linear(normed, prefix + "attn_q", shape.nHead * shape.headSize);
      k[t] = linear(normed, prefix + "attn_k", shape.nKvHead * shape.headSize);
      v[t] = linear(normed, prefix + "attn_v", shape.nKvHead * shape.headSize);
      rotate(q[t], t);
      rotate(k[t], t);
    }
    for (int t = 0; t < n; t++) {
      double[] mixed = new double[shape.nHead * shape.headSize];
      for (int head = 0; head < shape.nHead; head++) {
        mix(q[t], k, v, t, head, mixed);
      }
      addTo(x[t], linear(mixed, prefix + "attn_output", shape.nEmbd));
    }
  }

  private void mix(double[] q, double[][] k, double[][] v, int t, int head, double[] out) {
    int d = shape.headSize;
    int kvHead = head * shape.nKvHead / shape.nHead;
    double[] p = new double[t + 1];
    double sum = 0;
    for (int s = 0; s <= t; s++) {
      double dot = 0;
      for (int i = 0; i < d; i++) {
        dot += q[head * d + i] * k[s][kvHead * d + i];
      }
      p[s] = Math.exp(dot / Math.sqrt(d));
      sum += p[s];
    }
    for (int s = 0; s <= t; s++) {
      for (int i = 0; i < d; i++) {
        out[head * d + i] += p[s] / sum * v[s][kvHead * d + i];
      }
    }
  }

  private void rotate(double[] x, int position) {
    int r = shape.ropeDimensions;
    boolean neox = shape.architecture.equals("nemotron");
    for (int head = 0; head < x.length / shape.headSize; head++) {
      for (int i = 0; i < r / 2; i++) {
        double factor = shape.ropeFactors.length > 0 ? shape.ropeFactors[i] : 1;
        double angle =
            position / (double) shape.ropeLinear / factor / Math.pow(shape.ropeBase, 2.0 * i / r);
        int a = head * shape.headSize + (neox ? i : 2 * i);
        int b = neox ? a + r / 2 : a + 1;
        double first = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
        x[b] = x[a] * Math.sin(angle) + x[b] * Math.cos(angle);
        x[a] = first;
      }
    }
  }

  private double[] feedForward(String prefix, double[] normed) {
    double[] h = linear(normed, prefix + "ffn_up", shape.nFf);
    if (shape.gated()) {
      double[] gate = linear(normed, prefix + "ffn_gate", shape.nFf);
      for (int i = 0; i < h.length; i++) {
        h[i] *= shape.powerInfer ? Math.max(gate[i], 0) : gate[i] / (1 + Math.exp(-gate[i]));
      }
    } else {
      for (int i = 0; i < h.length; i++) {
        h[i] = Math.pow(Math.max(h[i], 0), 2);
      }
    }
    return shape.powerInfer
        ? byNeuron(h, weight(prefix + "ffn_down_t.weight"))
        : linear(h, prefix + "ffn_down", shape.nEmbd);
  }

  private double[] byNeuron(double[] h, double[] downT) {
    double[] out = new double[shape.nEmbd];
    for (int i = 0; i < h.length; i++) {
      for (int c = 0; c < out.length; c++) {
        out[c] += h[i] * downT[i * out.length + c];
      }
    }
    return out;
  }

  private double[] norm(double[] x, String name) {
    boolean layerNorm = !shape.gated();
    double mean = 0;
    for (double value : x) {
      mean += layerNorm ? value / x.length : 0;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight(name + ".weight")[i];
      out[i] += layerNorm ? weight(name + ".bias")[i] : 0;
    }
    return out;
  }

  private double[] linear(double[] x, String name, int rows) {
    double[] w = weight(name + ".weight");
    double[] out = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < x.length; c++) {
        out[r] += w[r * x.length + c] * x[c];
      }
    }
    if (gguf.contains(name + ".bias")) {
      addTo(out, weight(name + ".bias"));
    }
    return out;
  }

  private static void addTo(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  private double[] weight(String name) {
    return weights.computeIfAbsent(name, this::decode);
  }

  private double[] decode(String name) {
    Tensor tensor = gguf.tensor(name);
    double[] values = new double[tensor.rows() * tensor.cols()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.format().element(tensor.data(), i);
    }
    return values;
  }
}
