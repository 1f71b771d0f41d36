package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/**
 * Dense: every input is used.
 *
 * @param cols length of the input
 */
public record AllColumns(int cols) implements ColumnSelector {
  @Override
  public String name() {
    return "all";
  }

  @Override
  public void select(HostActivations x, int token, RowSet columns) {
    columns.fill();
  }
}
