package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.run.LoadedLayers;
import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.run.RunnerHead;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.profile.InputObserver;
import dev.thermocline.predictor.profile.NeuronObserver;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;

/** Runs a model densely over a text, in chunks, and shows what happens inside to observers. */
final class ProfilePass {
  private static final int BATCH = 64;

  private final Model model;
  private final WorkerPool pool;
  private final List<? extends NeuronObserver> neurons;
  private final List<? extends InputObserver> inputs;

  ProfilePass(
      Model model,
      WorkerPool pool,
      List<? extends NeuronObserver> neurons,
      List<? extends InputObserver> inputs) {
    this.model = model;
    this.pool = pool;
    this.neurons = neurons;
    this.inputs = inputs;
  }

  /**
   * Runs over all chunks.
   *
   * @param progress told how many tokens were added
   */
  void run(List<int[]> chunks, LongConsumer progress) {
    int longest = chunks.stream().mapToInt(c -> c.length).max().orElse(1);
    int pages = (longest + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Kernels.vector(pool);
        ModelRunner runner = load(kernels, arena, pages)) {
      TokenBatch batch = new TokenBatch(BATCH, pages);
      int[] pageList = new int[pages];
      for (int i = 0; i < pages; i++) {
        pageList[i] = i;
      }
      for (int[] chunk : chunks) {
        for (int from = 0; from < chunk.length; from += BATCH) {
          int count = Math.min(BATCH, chunk.length - from);
          batch.clear();
          int first = batch.addPages(pageList, pages);
          for (int i = from; i < from + count; i++) {
            batch.add(chunk[i], i, first);
          }
          runner.forward(batch);
          progress.accept(count);
        }
      }
    }
  }

  private ModelRunner load(Kernels kernels, Arena arena, int pages) {
    ModelConfig config = model.config();
    LinearFactory linears =
        (backend, weight, bias) ->
            new ObservingLinear(
                LinearFactory.DENSE.load(backend, weight, bias), weight.name(), inputs);
    ProfilingBuffers buffers = ProfilingBuffers.of(BATCH, config.nEmbd(), config.nFf());
    LoadedLayers layers = new LoadedLayers(kernels, null, model, BATCH, false);
    for (int layer = 0; layer < config.nLayer(); layer++) {
      FeedForwardWeights weights = model.feedForwardWeights(layer);
      FeedForward feedForward =
          new ProfilingFeedForward(
              kernels, layer, weights, down(weights, arena), linears, buffers, neurons);
      layers.add(
          kernels,
          model.block(layer, kernels, feedForward, linears),
          feedForward,
          kernels.kvCache(config.kvShape(pages, KvFormat.F32)));
    }
    return new ModelRunner(
        kernels,
        layers,
        model.embedding(kernels, BATCH),
        new RunnerHead(kernels, kernels, model),
        model.rope(pages * TokenBatch.PAGE, BATCH),
        config.nEmbd(),
        BATCH);
  }

  /** The down projection as rows of outputs; a file that has only the transpose is turned back. */
  private Tensor down(FeedForwardWeights weights, Arena arena) {
    Tensor stored = weights.down();
    return stored != null
        ? stored
        : NeuronMajor.transpose(Objects.requireNonNull(weights.downT()), arena, pool);
  }
}
