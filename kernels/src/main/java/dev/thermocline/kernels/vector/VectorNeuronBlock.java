package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.parallel.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * Neurons read in place. One token goes through {@link #single}: workers test chunks of neurons
 * (gate, then up of those that pass) and then add the surviving rows to their slices of the output.
 * A batch without candidates goes through {@link BatchedNeurons}.
 */
final class VectorNeuronBlock implements NeuronBlock {
  private final NeuronWeights weights;
  private final int[] neurons;
  private final NeuronRows first;
  private final @Nullable NeuronRows up;
  private final SlicedAxpy down;
  private final WorkerPool pool;
  private final Scratch scratch;
  private final BatchedNeurons batched;
  private final TestTask testTask;
  private final float[] cutoffs;

  // Per neuron held here: survivors of a chunk stand at the chunk's start, then they are closed up.
  private final int[] active;
  private final float[] hidden;
  private final int[] chunkTested;
  private final int[] chunkActive;
  private long tested;
  private long added;
  private final int[] groups;

  VectorNeuronBlock(
      NeuronWeights weights,
      int[] neurons,
      WorkerPool pool,
      Scratch scratch,
      HostActivations none) {
    this.weights = weights;
    this.neurons = neurons;
    this.pool = pool;
    this.scratch = scratch;
    boolean gated = weights.gate() != null;
    NeuronRows upRows = new NeuronRows(weights.up(), weights.upBias());
    this.first =
        weights.gate() == null ? upRows : new NeuronRows(weights.gate(), weights.gateBias());
    this.up = gated ? upRows : null;
    this.down = new SlicedAxpy(weights.downT(), scratch);
    this.cutoffs = new float[weights.neurons()];
    this.groups = new int[NeuronBlock.groups(weights.neurons())];
    this.active = new int[neurons.length];
    this.hidden = new float[neurons.length];
    this.chunkTested = new int[neurons.length];
    this.chunkActive = new int[neurons.length];
    this.batched = new BatchedNeurons(weights, neurons, cutoffs, pool, scratch, none, groups);
    scratch.reserve(weights.width());
    this.testTask = new TestTask(scratch.input());
  }

  @Override
  public int neurons() {
    return neurons.length;
  }

  @Override
  public long bytes() {
    return neurons.length * weights.bundleBytes();
  }

  @Override
  public void cutoffs(float[] values) {
    if (values.length != cutoffs.length) {
      throw new IllegalArgumentException(
          "cutoffs: expected " + cutoffs.length + " values, got " + values.length);
    }
    System.arraycopy(values, 0, cutoffs, 0, values.length);
  }

  @Override
  public void forward(
      Activations x, int n, RowSet @Nullable [] candidates, boolean skip, Activations out) {
    if (neurons.length == 0) {
      return;
    }
    HostActivations from = (HostActivations) x;
    HostActivations to = (HostActivations) out;
    if (n > 1 && candidates == null) {
      added += batched.forward(from, n, skip, to);
      tested += (long) n * neurons.length;
      return;
    }
    for (int t = 0; t < n; t++) {
      single(from, t, candidates == null ? null : candidates[t], skip, to);
    }
  }

  private void single(
      HostActivations x,
      int token,
      @Nullable RowSet candidates,
      boolean skip,
      HostActivations out) {
    first.prepare(x.values(), x.offset(token), scratch.input());
    testTask.upInput = scratch.input();
    if (up != null && !first.sharesInput(up)) {
      up.prepare(x.values(), x.offset(token), scratch.secondInput());
      testTask.upInput = scratch.secondInput();
    }
    testTask.candidates = candidates;
    testTask.skip = skip;
    testTask.runAll(pool, neurons.length, 1);
    int count = closeUp();
    added += count;
    for (int i = 0; i < count; i++) {
      groups[active[i] >> GROUP_SHIFT]++;
    }
    down.run(pool, active, hidden, count, out.values(), out.offset(token));
  }

  /**
   * Moves the survivors of all chunks together, in ascending order, and returns how many there are.
   */
  private int closeUp() {
    int count = 0;
    for (int from = 0; from < neurons.length; from += testTask.chunk()) {
      int survivors = chunkActive[from];
      System.arraycopy(active, from, active, count, survivors);
      System.arraycopy(hidden, from, hidden, count, survivors);
      count += survivors;
      tested += chunkTested[from];
    }
    return count;
  }

  @Override
  public long neuronsAdded() {
    return added;
  }

  @Override
  public long neuronsTested() {
    return tested;
  }

  @Override
  public int[] addedByGroup() {
    return groups.clone();
  }

  @Override
  public void close() {}

  /** Gate, activation, cutoff and up of a chunk of neurons. */
  private final class TestTask extends ChunkedTask {
    private @Nullable RowSet candidates;
    private boolean skip;
    private PreparedInput upInput;

    TestTask(PreparedInput upInput) {
      this.upInput = upInput;
    }

    @Override
    void items(int from, int to, int worker) {
      int count = candidates == null ? copy(from, to) : filter(candidates, from, to);
      chunkTested[from] = count;
      int survivors = 0;
      float[] own = scratch.tile(worker).rows();
      ActivationFunction function = weights.activation();
      for (int i = from; i < from + count; i++) {
        first.fetch(active, i + 1, from + count);
        int neuron = active[i];
        float activated = function.apply(first.dot(neuron, scratch.input(), own));
        if (!skip || Math.abs(activated) > cutoffs[neuron]) {
          active[from + survivors] = neuron;
          hidden[from + survivors] = activated;
          survivors++;
        }
      }
      if (up != null) {
        for (int i = from; i < from + survivors; i++) {
          up.fetch(active, i + 1, from + survivors);
          hidden[i] *= function.factor(up.dot(active[i], upInput, own));
        }
      }
      chunkActive[from] = survivors;
    }

    private int copy(int from, int to) {
      System.arraycopy(neurons, from, active, from, to - from);
      return to - from;
    }

    private int filter(RowSet wanted, int from, int to) {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (wanted.contains(neurons[i])) {
          active[from + count++] = neurons[i];
        }
      }
      return count;
    }
  }
}
