package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A neuron block over several tokens: rows are decoded a panel at a time and multiplied with all
 * tokens; rows of up, and of down, that no token needs are not read.
 */
final class BatchedNeurons {
  private final NeuronWeights weights;
  private final int[] neurons;
  private final float[] cutoffs;
  private final WorkerPool pool;
  private final Scratch scratch;
  private final NeuronRows first;
  private final @Nullable NeuronRows up;
  private final HiddenTask hiddenTask = new HiddenTask();
  private final PanelAxpy down;
  private final int[] groups;
  private final int[] added;
  private final int[] active;
  private float[] hidden = new float[0];
  private HostActivations x;
  private int tokens;

  /** The tokens that are computed together. */
  private int firstToken;

  private int many;
  private boolean skip;

  BatchedNeurons(
      NeuronWeights weights,
      int[] neurons,
      float[] cutoffs,
      WorkerPool pool,
      Scratch scratch,
      HostActivations none,
      int[] groups) {
    this.weights = weights;
    this.neurons = neurons;
    this.cutoffs = cutoffs;
    this.pool = pool;
    this.scratch = scratch;
    NeuronRows upRows = new NeuronRows(weights.up(), weights.upBias());
    this.first =
        weights.gate() == null ? upRows : new NeuronRows(weights.gate(), weights.gateBias());
    this.up = weights.gate() == null ? null : upRows;
    this.down = new PanelAxpy(weights.downT(), scratch, none);
    this.groups = groups;
    this.added = new int[neurons.length];
    this.active = new int[neurons.length];
    this.x = none;
  }

  /**
   * As {@link NeuronBlock#forward}; returns the number of neurons added and counts their groups.
   */
  long forward(HostActivations from, int n, boolean skipping, HostActivations to) {
    x = from;
    tokens = n;
    skip = skipping;
    // Grows with the largest batch so far: prefill may allocate, decoding does not come here.
    int needed = neurons.length * n;
    if (hidden.length < needed) {
      hidden = new float[needed];
    }
    Arrays.fill(added, 0);
    for (firstToken = 0; firstToken < n; firstToken += RowPanel.TOKENS) {
      many = Math.min(RowPanel.TOKENS, n - firstToken);
      scratch.nextProduct();
      hiddenTask.runAll(pool, neurons.length, RowPanel.ROWS);
    }
    int count = closeUp();
    down.run(pool, active, count, hidden, neurons.length, n, to);
    return sum();
  }

  /**
   * Moves the neurons that any token needs together, in ascending order, and returns how many there
   * are.
   */
  private int closeUp() {
    int count = 0;
    for (int i = 0; i < neurons.length; i++) {
      if (added[i] > 0) {
        active[count++] = i;
      }
    }
    for (int t = 0; t < tokens && count < neurons.length; t++) {
      int at = t * neurons.length;
      for (int i = 0; i < count; i++) {
        hidden[at + i] = hidden[at + active[i]];
      }
    }
    for (int i = 0; i < count; i++) {
      active[i] = neurons[active[i]];
    }
    return count;
  }

  private long sum() {
    long sum = 0;
    for (int i = 0; i < added.length; i++) {
      sum += added[i];
      groups[neurons[i] >> NeuronBlock.GROUP_SHIFT] += added[i];
    }
    return sum;
  }

  /** {@code hidden[token][neuron]} of whole panels of neurons. */
  private final class HiddenTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      RowPanel panel = scratch.tile(worker).panel();
      panel.load(scratch.product(), x, firstToken, many);
      for (int i = from; i < to; i += RowPanel.ROWS) {
        panel(panel, i, Math.min(RowPanel.ROWS, to - i));
      }
    }

    private void panel(RowPanel panel, int at, int count) {
      System.arraycopy(neurons, at, panel.rows(), 0, count);
      for (int t = 0; t < many; t++) {
        panel.tokens()[t] = t;
      }
      panel.multiply(first, count, many, weights.width());
      int found = 0;
      for (int r = 0; r < count; r++) {
        found += activate(panel.results(), r, at + r);
      }
      if (up != null && found > 0) {
        multiplyUp(up, panel, at, count);
      }
    }

    /** Activates a neuron's products, zeroes what is skipped, and returns how many are left. */
    private int activate(float[] products, int r, int i) {
      ActivationFunction function = weights.activation();
      float bias = first.bias(neurons[i]);
      float cutoff = cutoffs[neurons[i]];
      int kept = 0;
      for (int t = 0; t < many; t++) {
        float activated = function.apply(products[t * RowPanel.ROWS + r] + bias);
        boolean keep = !skip || Math.abs(activated) > cutoff;
        hidden[(firstToken + t) * neurons.length + i] = keep ? activated : 0f;
        kept += keep ? 1 : 0;
      }
      added[i] += kept;
      return kept;
    }

    /** Multiplies activated gates by up: rows that some token needs, tokens that need some row. */
    private void multiplyUp(NeuronRows rows, RowPanel panel, int at, int count) {
      int rowCount = 0;
      for (int i = at; i < at + count; i++) {
        if (rowNeeded(i)) {
          panel.rows()[rowCount++] = neurons[i];
        }
      }
      int tokenCount = 0;
      for (int t = 0; t < many; t++) {
        if (tokenNeeded(firstToken + t, at, count)) {
          panel.tokens()[tokenCount++] = t;
        }
      }
      panel.multiply(rows, rowCount, tokenCount, weights.width());
      int row = 0;
      for (int i = at; i < at + count && row < rowCount; i++) {
        if (neurons[i] == panel.rows()[row]) {
          multiplyRow(panel, row++, tokenCount, i, rows.bias(neurons[i]));
        }
      }
    }

    private void multiplyRow(RowPanel panel, int row, int tokenCount, int i, float bias) {
      ActivationFunction function = weights.activation();
      for (int k = 0; k < tokenCount; k++) {
        int t = firstToken + panel.tokens()[k];
        float value = panel.results()[k * RowPanel.ROWS + row] + bias;
        hidden[t * neurons.length + i] *= function.factor(value);
      }
    }

    private boolean rowNeeded(int i) {
      for (int t = firstToken; t < firstToken + many; t++) {
        if (hidden[t * neurons.length + i] != 0) {
          return true;
        }
      }
      return false;
    }

    private boolean tokenNeeded(int t, int at, int count) {
      for (int i = at; i < at + count; i++) {
        if (hidden[t * neurons.length + i] != 0) {
          return true;
        }
      }
      return false;
    }
  }
}
