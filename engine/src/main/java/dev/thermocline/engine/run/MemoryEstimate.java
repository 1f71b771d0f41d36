package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InsufficientMemoryException;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Bytes of host memory that a model will take, told before any of it is allocated.
 *
 * @param weights of the file, which is mapped: the system reads them when they are needed and may
 *     drop them again, but every token needs most of them
 * @param copies of weights that are stored another way round than the file has them
 * @param cache keys and values of all layers
 * @param working intermediate values, vocabulary, and what the Java machine itself takes
 */
public record MemoryEstimate(long weights, long copies, long cache, long working) {
  /** A Java machine with compiled code and nothing loaded, as its resident set shows. */
  private static final long JAVA_MACHINE = 180L << 20;

  /** Text, score and hash entry of a token, measured. */
  private static final long PER_TOKEN = 160;

  private static final int FLOAT = 4;

  /** What {@link EngineRunner#load(Model, EngineOptions)} will take with the CPU alone. */
  public static MemoryEstimate of(Model model, EngineOptions options) {
    Selection selection = EngineRunner.selection(OverlayStore.find(model), options);
    return of(model, options, selection, EngineRunner.context(model, options));
  }

  /**
   * As {@link #of(Model, EngineOptions)} for a context that may be longer than the options' own.
   *
   * @param context tokens of a sequence
   */
  static MemoryEstimate of(Model model, EngineOptions options, Selection selection, int context) {
    SparsePolicy policy = new SparsePolicy(options.sparse(), selection);
    int layers = model.config().nLayer();
    long copies = IntStream.range(0, layers).mapToLong(l -> copies(model, policy, l)).sum();
    PageBudget pages = PageBudget.of(options, context);
    long cache = layers * model.config().kvShape(pages.total(), options.cache().format()).bytes();
    return new MemoryEstimate(
        model.gguf().size(), copies, cache, working(model.config(), options, context));
  }

  /** Transposed down projections of a layer. */
  private static long copies(Model model, SparsePolicy policy, int layer) {
    return blocks(model, layer)
        .filter(block -> policy.sparse(layer, block))
        .mapToLong(NeuronMajor::bytesNeeded)
        .sum();
  }

  private static Stream<FeedForwardWeights> blocks(Model model, int layer) {
    ExpertWeights experts = model.expertWeights(layer);
    if (experts == null) {
      return Stream.of(model.feedForwardWeights(layer));
    }
    return Stream.concat(experts.experts().stream(), Stream.ofNullable(experts.shared()));
  }

  private static long working(ModelConfig config, EngineOptions options, int context) {
    ExpertConfig experts = config.experts();
    long perToken = 12L * config.nEmbd() + config.queryWidth() + config.attendedWidth();
    perToken += (long) config.keyWidth() + config.valueWidth();
    perToken += 2L * config.nFf() + (experts == null ? 0 : 2L * experts.count());
    long perLayer = 4L * config.neuronsPerLayer();
    long perWorker = context + 16L * Math.max(config.nEmbd(), config.nFf());
    long floats =
        options.batch() * perToken
            + config.nLayer() * perLayer
            + options.threads() * perWorker
            + (long) RunnerHead.ROWS * (config.nVocab() + config.nEmbd())
            + (long) context * config.headSize();
    int widest = Math.max(config.nEmbd(), config.nFf());
    long batches =
        Kernels.vectorBatchBytes(options.threads(), options.batch(), widest, config.nEmbd());
    return JAVA_MACHINE + FLOAT * floats + batches + PER_TOKEN * config.nVocab();
  }

  /** Everything. */
  public long total() {
    return weights + own();
  }

  /** What is allocated beside the mapped file and cannot be dropped. */
  public long own() {
    return copies + cache + working;
  }

  /**
   * Refuses what this machine cannot hold, even if nothing else ran on it. What others hold at the
   * moment is not counted: they may let go of it, and mapped weights can be read again.
   *
   * @param spared bytes of weights that are held by a device instead
   * @throws InsufficientMemoryException with the figures
   */
  void requireFits(Model model, int context, HostMemory host, long spared) {
    long needed = total() - Math.min(spared, weights);
    if (needed <= host.total()) {
      return;
    }
    // Of all sequences together.
    long perToken = cache / context;
    long left = host.total() - (needed - cache);
    String hint =
        left < TokenBatch.PAGE * perToken
            ? "it is too large at any context"
            : "a context of " + left / perToken + " tokens would fit";
    throw new InsufficientMemoryException(
        String.format(
            Locale.ROOT,
            "%s: expected at least %s of memory (%s), this machine has %s; %s",
            model.path().getFileName(),
            gib(needed),
            parts(context),
            gib(host.total()),
            hint),
        needed,
        host.total());
  }

  private String parts(int context) {
    return "weights "
        + gib(weights)
        + ", weights stored anew "
        + gib(copies)
        + ", key-value cache of "
        + context
        + " tokens "
        + gib(cache)
        + ", working memory "
        + gib(working);
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / 0x1p30);
  }
}
