package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.TokenBatch;
import org.jspecify.annotations.Nullable;

/** The tables that turn tokens and positions into the first state of the residual stream. */
public final class Embedding implements AutoCloseable {
  private final Kernels kernels;
  private final Matrix table;
  private final float scale;
  private final @Nullable Positions positions;

  /**
   * Learned positions (Gehring et al., 2017).
   *
   * @param table a row for every position
   * @param offset rows before that of the first position
   * @param rows {@code [tokens][n_embd]}, for looking them up
   */
  public record Positions(Matrix table, int offset, Activations rows) {}

  /**
   * Takes ownership of the tables.
   *
   * @param table {@code [n_vocab][n_embd]}
   * @param scale factor of its rows
   * @param positions added to them, or null
   */
  public Embedding(Kernels kernels, Matrix table, float scale, @Nullable Positions positions) {
    this.kernels = kernels;
    this.table = table;
    this.scale = scale;
    this.positions = positions;
  }

  /** {@code hidden[i] = scale * table[tokens[i]] + position[positions[i]]} for the batch. */
  public void forward(TokenBatch batch, Activations hidden) {
    int n = batch.size();
    kernels.embed(table, batch, hidden);
    if (scale != 1) {
      kernels.scale(hidden, n, scale);
    }
    if (positions != null) {
      kernels.embedPositions(positions.table(), positions.offset(), batch, positions.rows());
      kernels.add(hidden, positions.rows(), n);
    }
  }

  /** Bytes of the table. */
  public long bytes() {
    return table.bytes();
  }

  @Override
  public void close() {
    table.close();
    if (positions != null) {
      positions.table().close();
      positions.rows().close();
    }
  }
}
