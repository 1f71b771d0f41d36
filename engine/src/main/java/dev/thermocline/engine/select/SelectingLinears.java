package dev.thermocline.engine.select;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.layers.Linear;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.ColumnSelector;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** Column-sparse layers where a selection has a selector for the weight, dense ones elsewhere. */
public final class SelectingLinears implements LinearFactory {
  private final Selection selection;
  private final Arena arena;
  private final WorkerPool pool;
  private final ColumnCounter counter;

  /**
   * Loads layers as {@code selection} says.
   *
   * @param arena holds transposed weights; outlives the layers
   */
  public SelectingLinears(
      Selection selection, Arena arena, WorkerPool pool, ColumnCounter counter) {
    this.selection = selection;
    this.arena = arena;
    this.pool = pool;
    this.counter = counter;
  }

  @Override
  public Linear load(Kernels kernels, Tensor weight, @Nullable Tensor bias) {
    ColumnSelector selector = selection.columns(weight.name());
    if (selector == null) {
      return LinearFactory.DENSE.load(kernels, weight, bias);
    }
    counter.register();
    Tensor transposed = NeuronMajor.transpose(weight, arena, pool);
    return new ColumnSparseLinear(kernels, transposed, bias, selector, counter);
  }
}
