package dev.thermocline.models.layers;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.Weights;
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
  public LayerLoader(GgufFile gguf, Kernels kernels, String prefix, LinearFactory linears) {
    this.gguf = gguf;
    this.kernels = kernels;
    this.prefix = prefix;
    this.linears = linears;
  }

  public Kernels kernels() {
    return kernels;
  }

  /** {@code name.weight}, {@code [rows][cols]}, and {@code name.bias} where the file has it. */
  public Linear linear(String name, int rows, int cols) {
    Tensor weight = Tensors.require(gguf, prefix + name + ".weight", rows, cols);
    Tensor bias = Tensors.optional(gguf, prefix + name + ".bias", 1, rows);
    return keep(linears.load(kernels, weight, bias));
  }

  /** The norm {@code name.weight}. */
  public Norm rmsNorm(String name, int size, float epsilon) {
    return new Norm.Rms(kernels, vector(name + ".weight", size), epsilon);
  }

  /** The norm {@code name.weight} with {@code name.bias} where the file has it. */
  public Norm layerNorm(String name, int size, float epsilon) {
    return new Norm.Layer(
        kernels, vector(name + ".weight", size), optionalVector(name + ".bias", size), epsilon);
  }

  private Weights vector(String name, int size) {
    return keep(kernels.weights(Tensors.require(gguf, prefix + name, 1, size)));
  }

  private @Nullable Weights optionalVector(String name, int size) {
    return gguf.contains(prefix + name) ? vector(name, size) : null;
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
