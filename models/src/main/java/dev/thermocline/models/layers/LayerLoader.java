package dev.thermocline.models.layers;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.NormConfig;
import dev.thermocline.models.gguf.GgufFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the weights of one layer, or of the model's ends, into a backend, checks their shapes and
 * frees them when closed.
 */
public final class LayerLoader implements AutoCloseable {
  private final GgufFile gguf;
  private final ModelConfig config;
  private final Kernels kernels;
  private final String prefix;
  private final LinearFactory linears;
  private final List<AutoCloseable> loaded = new ArrayList<>();

  /**
   * Prepares to load tensors whose names begin with {@code prefix}, such as {@code blk.0.} or
   * nothing.
   *
   * @param linears makes the linear layers
   */
  public LayerLoader(
      GgufFile gguf, ModelConfig config, Kernels kernels, String prefix, LinearFactory linears) {
    this.gguf = gguf;
    this.config = config;
    this.kernels = kernels;
    this.prefix = prefix;
    this.linears = linears;
  }

  public Kernels kernels() {
    return kernels;
  }

  public ModelConfig config() {
    return config;
  }

  /** Whether the file has {@code name.weight}. */
  public boolean has(String name) {
    return gguf.contains(prefix + name + ".weight");
  }

  /**
   * {@code name.weight}, {@code [rows][cols]}, with {@code name.bias} and {@code name.scale} where
   * the file has them.
   */
  public Linear linear(String name, int rows, int cols) {
    Tensor weight = Tensors.require(gguf, prefix + name + ".weight", rows, cols);
    Tensor bias = Tensors.optional(gguf, prefix + name + ".bias", 1, rows);
    Linear linear = keep(linears.load(kernels, weight, bias));
    float scale = TensorScale.of(gguf, prefix + name);
    return scale == 1 ? linear : new ScaledLinear(kernels, linear, scale);
  }

  /**
   * The parts of a matrix {@code name.weight} whose rows are several linear layers, one after the
   * other; its bias likewise.
   */
  public List<Linear> fused(String name, int cols, int... rows) {
    int all = java.util.Arrays.stream(rows).sum();
    Tensor weight = Tensors.require(gguf, prefix + name + ".weight", all, cols);
    Tensor bias = Tensors.optional(gguf, prefix + name + ".bias", 1, all);
    List<Linear> parts = new ArrayList<>();
    int from = 0;
    for (int count : rows) {
      Tensor part = bias == null ? null : Tensors.part(bias, from, count);
      parts.add(keep(linears.load(kernels, weight.rows(from, count), part)));
      from += count;
    }
    return parts;
  }

  /** The norm {@code name.weight} of the residual stream, of the model's kind. */
  public Norm norm(String name) {
    return norm(name, config.nEmbd());
  }

  /** The norm {@code name.weight} of the residual stream, or null where the file has none. */
  public @Nullable Norm optionalNorm(String name) {
    return has(name) ? norm(name) : null;
  }

  /** The norm {@code name.weight} of {@code size} elements, or null where the file has none. */
  @Nullable Norm optionalNorm(String name, int size) {
    return has(name) ? norm(name, size) : null;
  }

  private Norm norm(String name, int size) {
    NormConfig norm = config.norm();
    Weights weight = vector(name + ".weight", size);
    if (!norm.centred()) {
      return new Norm.Rms(kernels, weight, norm.epsilon());
    }
    Weights bias = gguf.contains(prefix + name + ".bias") ? vector(name + ".bias", size) : null;
    return new Norm.Layer(kernels, weight, bias, norm.epsilon());
  }

  /**
   * The norm {@code name.weight} of queries or keys, or null where the file has none. Its size and
   * its dimensions say what is normalised together: all heads of a token, if it is a vector for all
   * of them, else every head by itself.
   */
  @Nullable HeadNorm headNorm(String name, int heads) {
    if (!has(name)) {
      return null;
    }
    var info = gguf.info(prefix + name + ".weight").orElseThrow();
    int headSize = config.headSize();
    boolean forEach = info.dimensions().size() > 1;
    boolean whole = !forEach && info.elements() == (long) heads * headSize;
    Weights weight = vector(name + ".weight", whole || forEach ? heads * headSize : headSize);
    return new HeadNorm(kernels, whole ? heads * headSize : headSize, weight, config.norm());
  }

  /** The vector {@code name.weight}, or null where the file has none. */
  @Nullable Weights optionalVector(String name, int size) {
    return has(name) ? vector(name + ".weight", size) : null;
  }

  private Weights vector(String name, int size) {
    return keep(kernels.weights(Tensors.vector(gguf, prefix + name, size)));
  }

  private <T extends AutoCloseable> T keep(T weight) {
    loaded.add(weight);
    return weight;
  }

  @Override
  public void close() {
    for (AutoCloseable weight : loaded) {
      switch (weight) {
        case Linear linear -> linear.close();
        case Weights vector -> vector.close();
        default -> throw new AssertionError(weight);
      }
    }
    loaded.clear();
  }
}
