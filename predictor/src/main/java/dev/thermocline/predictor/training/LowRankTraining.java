package dev.thermocline.predictor.training;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.Norms;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.calibrate.Cett;
import dev.thermocline.predictor.calibrate.LayerReport;
import dev.thermocline.predictor.calibrate.ScoreThreshold;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.LayerProfile;
import dev.thermocline.predictor.profile.NeuronSamples;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Trains the predictor of one layer. The rank is found by measuring: from a first guess by sparsity
 * and skewness it grows or shrinks as long as short trainings say that fewer bytes are read for the
 * same kept output. The threshold is the highest that keeps the target CETT on held-out tokens.
 */
public final class LowRankTraining {
  private static final System.Logger LOG = System.getLogger(LowRankTraining.class.getName());

  /** Share of the samples, the last ones, that nothing is trained on. */
  private static final double HELD_OUT = 0.1;

  private static final int MOST_HELD_OUT = 2048;

  /** Samples that each short training sees, and its steps. */
  private static final int PROBE_SAMPLES = 16384;

  private static final int PROBE_STEPS = 200;

  /** Few samples are gone through more often, up to this many steps. */
  private static final int LEAST_STEPS = 300;

  private static final int MOST_PROBES = 5;

  private final WorkerPool pool;
  private final TrainingOptions options;

  /**
   * Trains with the threads of {@code pool}, which one thread uses at a time.
   *
   * @param options for all layers
   */
  public LowRankTraining(WorkerPool pool, TrainingOptions options) {
    this.pool = pool;
    this.options = options;
  }

  /**
   * Trains a layer's predictor, searching for its rank.
   *
   * @param samples at least 64 tokens, in the order of the text
   * @param input what the samples' inputs are
   * @param profile of the layer, for the first guess of the rank
   * @param downT {@code [n_ff][n_embd]}
   * @param cost of the layer's neurons
   */
  public TrainedPredictor train(
      int layer,
      NeuronSamples samples,
      SelectorInput input,
      LayerProfile profile,
      Tensor downT,
      BlockCost cost) {
    Layer task = new Layer(layer, samples, input, downT, cost);
    return task.train(task.bestRank(guess(samples, profile)));
  }

  /** As {@link #train}, with a given rank, a multiple of the format's block. */
  public TrainedPredictor trainRank(
      int layer,
      NeuronSamples samples,
      SelectorInput input,
      int rank,
      Tensor downT,
      BlockCost cost) {
    return new Layer(layer, samples, input, downT, cost).train(rank);
  }

  /**
   * A rank to begin with: more active neurons need more features to tell them apart, and neurons
   * that always or never fire (skewed counts) need fewer.
   */
  private int guess(NeuronSamples samples, LayerProfile profile) {
    double density = Math.sqrt(Math.clamp(samples.activeShare() / 0.1, 0.1, 4));
    double evenness = 1 - 0.5 * profile.skewness();
    return rounded(samples.width() * 0.25 * density * evenness);
  }

  private int rounded(double rank) {
    return Math.max(1, (int) Math.round(rank / options.rankStep())) * options.rankStep();
  }

  /** One layer's training, with what all its ranks share. */
  private final class Layer {
    private final int number;
    private final NeuronSamples samples;
    private final SelectorInput input;
    private final float[] downNorms;
    private final BlockCost cost;
    private final NeuronSamples heldOut;
    private final Cett cett;

    Layer(int number, NeuronSamples samples, SelectorInput input, Tensor downT, BlockCost cost) {
      if (samples.size() < 64) {
        throw new IllegalArgumentException(
            "training: layer " + number + ": expected at least 64 samples, got " + samples.size());
      }
      int held = (int) Math.min(MOST_HELD_OUT, Math.ceil(samples.size() * HELD_OUT));
      this.number = number;
      this.samples = samples.range(0, samples.size() - held);
      this.heldOut = samples.range(samples.size() - held, samples.size());
      this.input = input;
      this.downNorms = Norms.rows(downT);
      this.cost = cost;
      this.cett = new Cett(heldOut, downT, pool);
    }

    /** Doubles or halves the rank while that saves bytes. */
    int bestRank(int first) {
      Map<Integer, Double> bytes = new TreeMap<>();
      int most = rounded(samples.width());
      int best = Math.min(first, most);
      bytes.put(best, probe(best));
      while (bytes.size() < MOST_PROBES) {
        int next = untried(best, most, bytes);
        if (next == 0) {
          break;
        }
        bytes.put(next, probe(next));
        best = bytes.get(next) < bytes.get(best) ? next : best;
      }
      LOG.log(System.Logger.Level.DEBUG, "layer {0}: bytes by rank {1}", number, bytes);
      return best;
    }

    private int untried(int best, int most, Map<Integer, Double> tried) {
      int less = rounded(best / 2.0);
      int more = Math.min(rounded(best * 2.0), most);
      return !tried.containsKey(less) ? less : !tried.containsKey(more) ? more : 0;
    }

    private double probe(int rank) {
      return train(rank, PROBE_SAMPLES, PROBE_STEPS).report().bytesPerToken();
    }

    TrainedPredictor train(int rank) {
      long steps = (long) samples.size() * options.epochs() / LowRankNet.BATCH;
      return train(rank, samples.size(), (int) Math.max(LEAST_STEPS, steps));
    }

    private TrainedPredictor train(int rank, int mostSamples, int steps) {
      TrainingSet set =
          new TrainingSet(samples.range(0, Math.min(samples.size(), mostSamples)), downNorms);
      LowRankNet net = new LowRankNet(set, rank, options.seed() * 31 + number, pool);
      descend(net, set.size(), steps);
      Tensor fc1 = tensor("fc1", rank, samples.width(), net.fc1());
      Tensor fc2 = tensor("fc2", samples.neurons(), rank, net.fc2());
      return judge(fc1, fc2);
    }

    private Tensor tensor(String name, int rows, int cols, float[] values) {
      return Floats.tensor(
          "blk." + number + "." + name + ".weight", options.format(), rows, cols, values);
    }

    private void descend(LowRankNet net, int size, int steps) {
      SplittableRandom random = new SplittableRandom(options.seed() + number);
      int[] order = new int[size];
      java.util.Arrays.setAll(order, i -> i);
      int[] batch = new int[LowRankNet.BATCH];
      int next = size;
      for (int step = 0; step < steps; step++) {
        for (int b = 0; b < batch.length; b++) {
          if (next == size) {
            shuffle(order, random);
            next = 0;
          }
          batch[b] = order[next++];
        }
        net.train(batch, rate(step, steps));
      }
    }

    private TrainedPredictor judge(Tensor fc1, Tensor fc2) {
      HeldOutScores scores = new HeldOutScores(fc1, fc2, heldOut, pool);
      ScoreThreshold found =
          ScoreThreshold.find(cett, scores.ofActive(heldOut), options.targetCett());
      double predicted = scores.shareAtLeast(found.threshold());
      double active = heldOut.activeShare();
      LowRankParameters parameters = new LowRankParameters(fc1, fc2, found.threshold(), input);
      double bytes =
          cost.predicted(fc2.rows(), predicted, active * found.recall(), parameters.bytes());
      return new TrainedPredictor(
          parameters,
          new LayerReport(
              number,
              "low-rank",
              active,
              predicted,
              found.recall(),
              found.cett(),
              bytes,
              parameters.rank()),
          cost.gateFirst(fc2.rows(), active));
    }
  }

  private static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }

  /** A short rise, then half a cosine down to a twentieth. */
  private float rate(int step, int steps) {
    double rise = Math.min(1, (step + 1) / (1 + 0.05 * steps));
    double fall = 0.05 + 0.95 * 0.5 * (1 + Math.cos(Math.PI * step / steps));
    return (float) (options.learningRate() * rise * fall);
  }
}
