package dev.thermocline.models.layers;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import org.jspecify.annotations.Nullable;

/** How the linear layers of a model are computed. */
@FunctionalInterface
public interface LinearFactory {
  /** All of them densely. */
  LinearFactory DENSE = DenseLinear::new;

  /**
   * Loads one layer; the caller closes it.
   *
   * @param weight {@code [out][in]}, whose name says which it is
   * @param bias {@code [1][out]} or null
   */
  Linear load(Kernels kernels, Tensor weight, @Nullable Tensor bias);
}
