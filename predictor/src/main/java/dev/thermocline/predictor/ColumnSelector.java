package dev.thermocline.predictor;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;

/**
 * What decides which inputs of a linear layer are used, so that the columns of the others need not
 * be read. Selecting allocates nothing.
 */
public sealed interface ColumnSelector permits AllColumns, WinaColumns, TopColumns {

  /** Short name for logs and reports. */
  String name();

  /** Length of the input. */
  int cols();

  /**
   * Makes {@code columns} the inputs of one token that are used.
   *
   * @param x {@code [tokens][cols]}
   * @param token row of {@code x}
   * @param columns filled; its bound is {@link #cols}
   */
  void select(HostActivations x, int token, RowSet columns);
}
