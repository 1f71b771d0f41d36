package dev.thermocline.predictor.training;

import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.internal.Combine;
import java.util.SplittableRandom;

/**
 * The net {@code fc2 . relu(fc1 . x)} in training: weighted binary cross-entropy per neuron, one
 * mini-batch at a time. Every number is computed by one worker in a fixed order, so that the same
 * seed gives the same bits at any number of threads.
 *
 * <p>All products are sums of scaled rows. Matrices are therefore kept the way their sums need
 * them: {@code fc2} transposed, and inputs and gradients both by token and by feature.
 */
final class LowRankNet {
  /** Tokens of a mini-batch. */
  static final int BATCH = 256;

  /** Mean of relu(z) over a normal z of variance 1. */
  private static final float RELU_MEAN = 0.4f;

  private final TrainingSet set;
  private final WorkerPool pool;
  private final int rank;
  private final int width;
  private final int neurons;
  private final float[][] fc1;
  private final float[][] fc2T;
  private final Adam adam1;
  private final Adam adam2;

  private final float[][] x;
  private final float[][] xT;
  private final float[][] hT;
  private final float[][] g;
  private final float[][] gT;
  private final Scratch[] scratch;

  private int[] batch = {};
  private int step;
  private float rate;

  /** One worker's memory. */
  private static final class Scratch {
    final float[] factors;
    final float[] hidden = new float[BATCH];
    final float[] row1;
    final float[] row2;

    Scratch(int rank, int width, int neurons) {
      factors = new float[rank];
      row1 = new float[width];
      row2 = new float[neurons];
    }
  }

  LowRankNet(TrainingSet set, int rank, long seed, WorkerPool pool) {
    this.set = set;
    this.pool = pool;
    this.rank = rank;
    this.width = set.width();
    this.neurons = set.neurons();
    this.fc1 = new float[rank][width];
    this.fc2T = new float[rank][neurons];
    initialise(new SplittableRandom(seed));
    this.adam1 = new Adam(fc1);
    this.adam2 = new Adam(fc2T);
    this.x = new float[BATCH][width];
    this.xT = new float[width][BATCH];
    this.hT = new float[rank][BATCH];
    this.g = new float[BATCH][neurons];
    this.gT = new float[neurons][BATCH];
    this.scratch = new Scratch[pool.threads()];
    for (int w = 0; w < scratch.length; w++) {
      scratch[w] = new Scratch(rank, width, neurons);
    }
  }

  /**
   * Random features; their sum, nearly the same for all tokens, carries each neuron's base rate.
   */
  private void initialise(SplittableRandom random) {
    float scale1 = (float) (1 / Math.sqrt(width));
    float scale2 = (float) (0.3 / Math.sqrt(rank));
    float[] base = set.baseLogits();
    for (int k = 0; k < rank; k++) {
      for (int c = 0; c < width; c++) {
        fc1[k][c] = scale1 * (float) random.nextGaussian();
      }
      for (int i = 0; i < neurons; i++) {
        fc2T[k][i] = base[i] / (RELU_MEAN * rank) + scale2 * (float) random.nextGaussian();
      }
    }
  }

  /**
   * One step of gradient descent.
   *
   * @param samples exactly {@link #BATCH} samples
   */
  void train(int[] samples, float learningRate) {
    batch = samples;
    rate = learningRate;
    step++;
    pool.run(this::loadInputs);
    pool.run(this::hidden);
    pool.run(this::gradients);
    pool.run(this::update);
  }

  private void loadInputs(int worker, int workers) {
    for (int b = from(BATCH, worker, workers); b < from(BATCH, worker + 1, workers); b++) {
      set.input(batch[b], x[b]);
      for (int c = 0; c < width; c++) {
        xT[c][b] = x[b][c];
      }
    }
  }

  private void hidden(int worker, int workers) {
    for (int k = worker; k < rank; k += workers) {
      float[] h = hT[k];
      java.util.Arrays.fill(h, 0f);
      Combine.add(h, BATCH, fc1[k], xT, width);
      for (int b = 0; b < BATCH; b++) {
        h[b] = Math.max(h[b], 0f);
      }
    }
  }

  /** Scores of a share of the tokens, turned at once into the loss's gradient. */
  private void gradients(int worker, int workers) {
    float[] factors = scratch[worker].factors;
    for (int b = from(BATCH, worker, workers); b < from(BATCH, worker + 1, workers); b++) {
      for (int k = 0; k < rank; k++) {
        factors[k] = hT[k][b];
      }
      float[] row = g[b];
      java.util.Arrays.fill(row, 0f);
      Combine.add(row, neurons, factors, fc2T, rank);
      Sigmoid.apply(row);
      label(row, batch[b]);
      for (int i = 0; i < neurons; i++) {
        gT[i][b] = row[i];
      }
    }
  }

  private void label(float[] row, int sample) {
    int[] active = set.active(sample);
    float negative = set.negativeWeight() / BATCH;
    for (int e = 0; e < active.length; e++) {
      // Scaled so that the loop below leaves the positive weight.
      row[active[e]] = (row[active[e]] - 1) * set.positiveWeight(sample, e) / set.negativeWeight();
    }
    for (int i = 0; i < row.length; i++) {
      row[i] *= negative;
    }
  }

  private void update(int worker, int workers) {
    Scratch own = scratch[worker];
    for (int k = worker; k < rank; k += workers) {
      float[] dh = own.hidden;
      java.util.Arrays.fill(dh, 0f);
      Combine.add(dh, BATCH, fc2T[k], gT, neurons);
      for (int b = 0; b < BATCH; b++) {
        dh[b] = hT[k][b] > 0 ? dh[b] : 0;
      }
      java.util.Arrays.fill(own.row2, 0f);
      Combine.add(own.row2, neurons, hT[k], g, BATCH);
      adam2.update(k, own.row2, rate, step);
      java.util.Arrays.fill(own.row1, 0f);
      Combine.add(own.row1, width, dh, x, BATCH);
      adam1.update(k, own.row1, rate, step);
    }
  }

  /** {@code fc1 [rank][n_embd]}, row after row, for inputs as they are sampled. */
  float[] fc1() {
    float[] values = new float[rank * width];
    for (int k = 0; k < rank; k++) {
      for (int c = 0; c < width; c++) {
        values[k * width + c] = fc1[k][c] * set.inverseRms()[c];
      }
    }
    return values;
  }

  /** {@code fc2 [n_ff][rank]}, row after row. */
  float[] fc2() {
    float[] values = new float[Math.multiplyExact(neurons, rank)];
    for (int k = 0; k < rank; k++) {
      for (int i = 0; i < neurons; i++) {
        values[i * rank + k] = fc2T[k][i];
      }
    }
    return values;
  }

  /** First of a worker's share of {@code count} things. */
  private static int from(int count, int worker, int workers) {
    return (int) ((long) count * worker / workers);
  }
}
