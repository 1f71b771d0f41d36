package dev.thermocline.engine.run;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.Model;
import dev.thermocline.models.layers.OutputHead;

/**
 * The output head in the backend that the placement gives it, its rows taken from and its results
 * given to the host.
 */
public final class RunnerHead implements AutoCloseable {
  /**
   * Rows whose logits are computed at a time: enough to share decoded weights, few enough for
   * memory.
   */
  static final int ROWS = 8;

  private final Parts parts = new Parts();
  private final Kernels cpu;
  private final Kernels home;
  private final OutputHead head;
  private final HostActivations selected;
  private final HostActivations logits;
  private final Activations input;
  private final Activations output;

  /**
   * Loads a model's head.
   *
   * @param home the CPU's kernels or the device's
   */
  public RunnerHead(Kernels cpu, Kernels home, Model model) {
    this.cpu = cpu;
    this.home = home;
    int width = model.config().nEmbd();
    int vocab = model.config().nVocab();
    this.selected = new HostActivations(ROWS, width);
    this.logits = new HostActivations(ROWS, vocab);
    try {
      this.head = parts.keep(model.head(home));
      this.input = home == cpu ? selected : parts.keep(home.activations(ROWS, width));
      this.output = home == cpu ? logits : parts.keep(home.activations(ROWS, vocab));
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** Logits of rows of {@code hidden}; {@code [count][n_vocab]}, overwritten by the next call. */
  HostActivations logits(HostActivations hidden, int[] rows, int from, int count) {
    select(hidden, rows, from, count);
    head.forward(input, count, input, output);
    collect(output, count, logits);
    return logits;
  }

  /** Rows of {@code hidden} after the final norm, {@code [count][n_embd]}; overwritten likewise. */
  HostActivations normed(HostActivations hidden, int[] rows, int from, int count) {
    select(hidden, rows, from, count);
    head.normalize(input, count, input);
    collect(input, count, selected);
    return selected;
  }

  private void select(HostActivations hidden, int[] rows, int from, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          hidden.values(),
          hidden.offset(rows[from + i]),
          selected.values(),
          selected.offset(i),
          hidden.cols());
    }
    if (home != cpu) {
      home.upload(selected, count, input);
    }
  }

  private void collect(Activations computed, int count, HostActivations to) {
    if (home != cpu) {
      home.download(computed, count, to);
      home.synchronize();
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
