package dev.thermocline.engine;

import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.engine.run.Logits;
import dev.thermocline.engine.run.TextEmbedding;
import dev.thermocline.engine.run.TextPass;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.engine.schedule.BatchCounters;
import dev.thermocline.engine.schedule.CacheCounters;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.engine.schedule.Sequence;
import dev.thermocline.engine.state.PromptCache;
import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentRunner;
import org.jspecify.annotations.Nullable;

/**
 * A model ready to generate. Safe for use by several threads: requests are queued to one decode
 * thread, which owns the model's state and computes all running sequences together.
 *
 * <pre>{@code
 * try (Model model = Model.openDefault();
 *     InferenceEngine engine = InferenceEngine.open(model, EngineOptions.defaults())) {
 *   int[] prompt = model.tokenizer().encode("Once upon a time", false, true);
 *   Generation story = engine.submit(new GenerationRequest(prompt, 100, SamplingParams.defaults(1), false));
 *   System.out.println(model.tokenizer().decode(story.awaitAll(), false));
 * }
 * }</pre>
 */
public final class InferenceEngine implements AutoCloseable {
  /** Most tokens of an answer whose context moves up; others end with their context. */
  private static final int LONGEST = 1 << 17;

  private final Model model;
  private final EngineRunner source;
  private final int context;
  private final int batch;
  private final boolean shift;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final ParkingIdle idle = new ParkingIdle(this::mustWake);
  private final CacheCounters cache;
  private final BatchCounters batches;
  private final EngineOptions options;
  private final Scheduler scheduler;
  private final DecodeLoop loop;
  private final AgentRunner decoder;
  private final Object constraintsLock = new Object();
  private volatile @Nullable Constraints constraints;
  private volatile boolean closed;

  private InferenceEngine(Model model, EngineOptions options, EngineRunner source) {
    this.model = model;
    this.source = source;
    this.context = source.context();
    this.batch = options.batch();
    this.shift = options.cache().shift();
    this.options = options;
    this.scheduler = new Scheduler(source.pages(), options.batch(), source.rotary());
    this.cache = scheduler.counters();
    this.batches = scheduler.batches();
    this.loop =
        new DecodeLoop(
            commands,
            () -> closed,
            source,
            scheduler,
            options.cache(),
            endOfText(model),
            model.config().nVocab());
    this.decoder = new AgentRunner(idle, InferenceEngine::report, null, loop);
    AgentRunner.startOnThread(decoder, InferenceEngine::daemon);
  }

  /**
   * Loads a model; the caller keeps it and closes it after the engine.
   *
   * @throws dev.thermocline.kernels.cuda.CudaException if the GPU was asked for and cannot be used
   */
  public static InferenceEngine open(Model model, EngineOptions options) {
    return new InferenceEngine(model, options, EngineRunner.load(model, options));
  }

  /** A model whose tokenizer is not supported generates until its limit. */
  private static DecodeLoop.EndOfText endOfText(Model model) {
    try {
      Tokenizer tokenizer = model.tokenizer();
      return tokenizer::isEndOfGeneration;
    } catch (UnsupportedModelException e) {
      return token -> false;
    }
  }

  private boolean mustWake() {
    return closed || !commands.isEmpty();
  }

  private static Thread daemon(Runnable runnable) {
    Thread thread = new Thread(runnable);
    thread.setDaemon(true);
    return thread;
  }

  private static void report(Throwable thrown) {
    System.getLogger(InferenceEngine.class.getName())
        .log(System.Logger.Level.ERROR, "decode thread", thrown);
  }

  public Model model() {
    return model;
  }

  /** Most tokens of a sequence, prompt included. */
  public int context() {
    return context;
  }

  /** Whether a full context goes on, its oldest tokens dropped. */
  public boolean shiftsContext() {
    return shift;
  }

  /**
   * What answers may be held to, for this model's vocabulary. The first call takes a while, seconds
   * for a large vocabulary; others wait for it.
   *
   * @throws UnsupportedModelException if the model's tokenizer is not supported
   */
  public Constraints constraints() {
    Constraints made = constraints;
    if (made != null) {
      return made;
    }
    synchronized (constraintsLock) {
      made = constraints;
      if (made == null) {
        made = Constraints.of(model.tokenizer(), model.config().nVocab());
        constraints = made;
      }
      return made;
    }
  }

  /** What was loaded where. */
  public EngineRunner runner() {
    return source;
  }

  /**
   * Queues a request.
   *
   * @throws IllegalArgumentException if the prompt holds an unknown token or leaves no room in the
   *     context
   * @throws IllegalStateException if the engine is closed
   */
  public Generation submit(GenerationRequest request) {
    checkTokens(request.prompt(), context - 1);
    int capacity = (int) Math.min(context, (long) request.promptLength() + request.maxTokens());
    int most = shift ? Math.min(request.maxTokens(), LONGEST) : capacity - request.promptLength();
    Generation generation = new Generation(request.promptLength(), most, request.topLogprobs());
    Sampler sampler = new Sampler(request, model.config().nVocab());
    Sequence sequence = new Sequence(request.prompt(), capacity, sampler);
    execute(() -> loop.submit(new DecodeLoop.Submission(request, generation, sequence)));
    return generation;
  }

  private void checkTokens(int[] tokens, int limit) {
    if (tokens.length == 0 || tokens.length > limit) {
      throw new IllegalArgumentException(
          "prompt: expected 1 to "
              + limit
              + " tokens in a context of "
              + context
              + ", got "
              + tokens.length);
    }
    for (int token : tokens) {
      if (token < 0 || token >= model.config().nVocab()) {
        throw new IllegalArgumentException(
            "prompt: expected tokens 0 to " + (model.config().nVocab() - 1) + ", got " + token);
      }
    }
  }

  /**
   * Computes the logits of every position of a text, for scoring, beside the texts that run; waits
   * for them.
   *
   * @param tokens at most the context
   * @param sink called on the decode thread for every row, in order
   */
  public void logits(int[] tokens, Logits.Sink sink) {
    checkTokens(tokens, context);
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    TextPass pass = TextPass.logits(batch, tokens, sink);
    execute(() ->
        loop.submitBeside(Logits.pages(tokens.length), stepwise(done, pass::step, () -> true)));
    await("logits", done);
  }

  /**
   * The vector of a text, of length 1, computed beside the texts that run; waits for it. The hidden
   * states after the final norm are averaged over the tokens, or pooled as the model's {@code
   * pooling_type} says.
   *
   * @param tokens at most the context
   * @return {@code [n_embd]}
   * @throws IllegalArgumentException if there are no tokens, too many or unknown ones
   * @throws GenerationException if the engine fails
   */
  public float[] embed(int[] tokens) {
    checkTokens(tokens, context);
    CompletableFuture<float[]> done = new CompletableFuture<>();
    TextEmbedding pass = new TextEmbedding(model, batch, tokens);
    execute(() ->
        loop.submitBeside(Logits.pages(tokens.length), stepwise(done, pass::step, pass::vector)));
    return await("embedding", done);
  }

  /**
   * Writes what is known of the keys and values of a text, from its beginning on in whole pages, so
   * that a later engine need not compute them; waits for it. The file appears whole or not at all.
   *
   * @param tokens of a text that was computed
   * @return how many of them were written
   */
  public int saveCache(int[] tokens, Path file) throws IOException {
    int[] own = tokens.clone();
    return withCache("saving the prompt cache", stored -> stored.save(own, file));
  }

  /**
   * Reads what {@link #saveCache} wrote, as far as there is room; prompts that begin alike start
   * from it. Waits for it.
   *
   * @return the tokens in the file
   * @throws PromptCacheException if the file is damaged, or made with another model or in another
   *     way; the engine then goes on without it
   */
  public int[] loadCache(Path file) throws IOException {
    return withCache("loading the prompt cache", stored -> stored.load(file));
  }

  /** Work on stored caches. */
  @FunctionalInterface
  private interface CacheWork<T> {
    T run(PromptCache stored) throws IOException;
  }

  private <T> T withCache(String what, CacheWork<T> work) throws IOException {
    CompletableFuture<T> done = new CompletableFuture<>();
    execute(() -> loop.submitExclusive(() -> answer(done, () -> stored(work))));
    try {
      return await(what, done);
    } catch (GenerationException e) {
      if (e.getCause() instanceof UncheckedIOException failure) {
        throw failure.getCause();
      }
      throw e;
    }
  }

  private <T> T stored(CacheWork<T> work) {
    try {
      return work.run(new PromptCache(model, options, source, scheduler));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the key-value caches hold and saved so far; never waits. */
  public CacheStatistics cacheStatistics() {
    return cache.read();
  }

  /** What was computed together, step by step, so far; never waits. */
  public BatchStatistics batchStatistics() {
    return batches.read();
  }

  /**
   * What the layers computed so far; after a device fault, since the CPU took over.
   *
   * @throws GenerationException if the device fails and the CPU may not take over
   */
  public LayerStatistics statistics() {
    CompletableFuture<LayerStatistics> done = new CompletableFuture<>();
    execute(() -> answer(done, loop::statistics));
    return await("statistics", done);
  }

  /** Whoever waits gets an answer in any case. */
  private static <T> void answer(CompletableFuture<T> done, Supplier<T> work) {
    try {
      done.complete(work.get());
    } catch (RuntimeException failure) {
      done.completeExceptionally(failure);
    }
  }

  /** As {@link #answer}, of work in steps. */
  private static <T> DecodeLoop.PageWork stepwise(
      CompletableFuture<T> done, DecodeLoop.PageWork work, Supplier<T> result) {
    return (runner, pages, most) -> {
      try {
        if (!work.step(runner, pages, most)) {
          return false;
        }
        done.complete(result.get());
      } catch (RuntimeException failure) {
        done.completeExceptionally(failure);
      }
      return true;
    };
  }

  private static <T> T await(String what, CompletableFuture<T> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new GenerationException(what + " failed: " + cause.getMessage(), cause);
    }
  }

  private void execute(Runnable command) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    commands.add(command);
    // Closing drains the queue after it has set the flag: a command that comes later is taken back
    // here, one that came earlier is answered there.
    if (closed && commands.remove(command)) {
      throw new IllegalStateException("the engine is closed");
    }
    idle.wake();
  }

  /** Ends all generations and frees native and device memory. */
  @Override
  public void close() {
    closed = true;
    idle.wake();
    decoder.close();
  }
}
