package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * A neuron block over several tokens: rows are decoded four at a time and multiplied with all
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
  private final NeuronRows down;
  private final HiddenTask hiddenTask = new HiddenTask();
  private final DownTask downTask = new DownTask();
  private final int[] groups;
  private final int[] added;
  private final boolean[] needed;
  private float[] hidden = new float[0];
  private HostActivations x;
  private HostActivations out;
  private int tokens;
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
    this.down = new NeuronRows(weights.downT(), null);
    this.groups = groups;
    this.added = new int[neurons.length];
    this.needed = new boolean[(neurons.length + Tile.ROWS - 1) / Tile.ROWS];
    this.x = none;
    this.out = none;
  }

  /**
   * As {@link NeuronBlock#forward}; returns the number of neurons added and counts their groups.
   */
  long forward(HostActivations from, int n, boolean skipping, HostActivations to) {
    x = from;
    out = to;
    tokens = n;
    skip = skipping;
    // Grows with the largest batch so far: prefill may allocate, decoding does not come here.
    int tiles = needed.length;
    if (hidden.length < tiles * Tile.ROWS * n) {
      hidden = new float[tiles * Tile.ROWS * n];
    }
    hiddenTask.runAll(pool, tiles, 1);
    pool.run(downTask);
    return sum();
  }

  private long sum() {
    long sum = 0;
    for (int i = 0; i < added.length; i++) {
      sum += added[i];
      groups[neurons[i] >> NeuronBlock.GROUP_SHIFT] += added[i];
    }
    return sum;
  }

  /** Neurons of a tile; the last one may be short. */
  private int count(int tile) {
    return Math.min(Tile.ROWS, neurons.length - tile * Tile.ROWS);
  }

  /** {@code hidden[neuron][token]} of whole tiles of four neurons. */
  private final class HiddenTask extends ChunkedTask {
    @Override
    void items(int from, int to, int worker) {
      for (int tile = from; tile < to; tile++) {
        tile(tile, scratch.tile(worker));
      }
    }

    private void tile(int tile, TileScratch own) {
      int at = tile * Tile.ROWS * tokens;
      products(first, tile, own, at);
      int active = activate(tile, at);
      needed[tile] = active > 0;
      if (up != null && active > 0) {
        multiplyUp(up, tile, own, at);
      }
    }

    private void decode(NeuronRows rows, int tile, float[] decoded) {
      int cols = weights.width();
      for (int r = 0; r < count(tile); r++) {
        rows.decode(neurons[tile * Tile.ROWS + r], 0, cols, decoded, r * cols);
      }
    }

    private void products(NeuronRows rows, int tile, TileScratch own, int at) {
      decode(rows, tile, own.rows());
      int t = 0;
      for (; t + 1 < tokens; t += 2) {
        Tile.four2(
            own,
            weights.width(),
            x.values(),
            x.offset(t),
            x.offset(t + 1),
            hidden,
            at + t,
            tokens,
            1);
      }
      if (t < tokens) {
        Tile.four1(own, weights.width(), x.values(), x.offset(t), hidden, at + t, tokens);
      }
      for (int r = 0; r < count(tile); r++) {
        float bias = rows.bias(neurons[tile * Tile.ROWS + r]);
        for (int i = at + r * tokens; i < at + (r + 1) * tokens; i++) {
          hidden[i] += bias;
        }
      }
    }

    /** Activates in place, zeroes what is skipped, and returns how many values are left. */
    private int activate(int tile, int at) {
      ActivationFunction function = weights.activation();
      int active = 0;
      for (int r = 0; r < Tile.ROWS; r++) {
        boolean real = r < count(tile);
        int before = active;
        float cutoff = real ? cutoffs[neurons[tile * Tile.ROWS + r]] : Float.POSITIVE_INFINITY;
        for (int i = at + r * tokens; i < at + (r + 1) * tokens; i++) {
          float activated = real ? function.apply(hidden[i]) : 0f;
          boolean keep = real && (!skip || Math.abs(activated) > cutoff);
          hidden[i] = keep ? activated : 0f;
          active += keep ? 1 : 0;
        }
        if (real) {
          added[tile * Tile.ROWS + r] = active - before;
        }
      }
      return active;
    }

    /** Multiplies the activated gates by up, token by token where any of the four is left. */
    private void multiplyUp(NeuronRows rows, int tile, TileScratch own, int at) {
      decode(rows, tile, own.rows());
      float[] products = own.products();
      for (int t = 0; t < tokens; t++) {
        if (allZero(at + t)) {
          continue;
        }
        Tile.four1(own, weights.width(), x.values(), x.offset(t), products, 0, 1);
        for (int r = 0; r < count(tile); r++) {
          float value = products[r] + rows.bias(neurons[tile * Tile.ROWS + r]);
          hidden[at + r * tokens + t] *= weights.activation().factor(value);
        }
      }
    }
  }

  private boolean allZero(int at) {
    return hidden[at] == 0
        && hidden[at + tokens] == 0
        && hidden[at + 2 * tokens] == 0
        && hidden[at + 3 * tokens] == 0;
  }

  /** Each worker adds all neurons, in ascending order, to its slice of the outputs. */
  private final class DownTask implements ParallelTask {
    @Override
    public void run(int worker, int workers) {
      int width = weights.width();
      int slice = SlicedAxpy.sliceCols(width, weights.downT().format().blockElements(), workers);
      int from = Math.min(width, worker * slice);
      int length = Math.min(width, from + slice) - from;
      if (length == 0) {
        return;
      }
      long skipBytes = weights.downT().format().bytes(from);
      float[] decoded = scratch.tile(worker).rows();
      for (int tile = 0; tile < needed.length; tile++) {
        if (needed[tile]) {
          for (int r = 0; r < count(tile); r++) {
            down.decode(neurons[tile * Tile.ROWS + r], skipBytes, length, decoded, r * length);
          }
          add(tile, decoded, from, length);
        }
      }
    }

    private void add(int tile, float[] decoded, int from, int length) {
      int at = tile * Tile.ROWS * tokens;
      for (int t = 0; t < tokens; t++) {
        if (!allZero(at + t)) {
          Tile.axpy4(
              decoded, length, length, hidden, at + t, tokens, out.values(), out.offset(t) + from);
        }
      }
    }
  }
}
