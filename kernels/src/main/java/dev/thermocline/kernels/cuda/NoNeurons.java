package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.RowSet;
import org.jspecify.annotations.Nullable;

/** The block of an empty subset: adds nothing and holds nothing. */
final class NoNeurons implements NeuronBlock {

  @Override
  public int neurons() {
    return 0;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public void cutoffs(float[] cutoffs) {}

  @Override
  public void forward(
      Activations x, int n, RowSet @Nullable [] candidates, boolean skip, Activations out) {}

  @Override
  public long neuronsAdded() {
    return 0;
  }

  @Override
  public long neuronsTested() {
    return 0;
  }

  @Override
  public int[] addedByGroup() {
    return new int[0];
  }

  @Override
  public void close() {}
}
