package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.TokenBatch;

/** The table that turns tokens into the first state of the residual stream. */
public final class Embedding implements AutoCloseable {
  private final Kernels kernels;
  private final Matrix table;

  /** Takes ownership of the table, {@code [n_vocab][n_embd]}. */
  public Embedding(Kernels kernels, Matrix table) {
    this.kernels = kernels;
    this.table = table;
  }

  /** {@code hidden[i] = table[tokens[i]]} for every token of the batch. */
  public void forward(TokenBatch batch, Activations hidden) {
    kernels.embed(table, batch, hidden);
  }

  /** Bytes of the table. */
  public long bytes() {
    return table.bytes();
  }

  @Override
  public void close() {
    table.close();
  }
}
