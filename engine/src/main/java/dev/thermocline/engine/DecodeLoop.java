package dev.thermocline.engine;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.run.RunnerSource;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.engine.schedule.ForgettingSource;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.engine.schedule.Sequence;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the model's state. Everything else reaches it through the queue of
 * commands; a duty cycle takes those, computes one batch and samples the sequences that are due.
 */
final class DecodeLoop implements Agent {
  /** A request on its way in. */
  record Submission(GenerationRequest request, Generation generation, Sequence sequence) {}

  /** Work on pages of its own, done a step at a time between those of the sequences. */
  @FunctionalInterface
  interface PageWork {
    /** Does a step of at most {@code most} tokens; true if it was the last one. */
    boolean step(RunnerSource source, int[] pages, int most);
  }

  private final Queue<Runnable> commands;
  private final BooleanSupplier closed;
  private final Queue<Submission> waiting = new ArrayDeque<>();
  private final Queue<Runnable> exclusive = new ArrayDeque<>();
  private final SideWork side;
  private final IdentityHashMap<Sequence, Submission> active = new IdentityHashMap<>();
  private final RunnerSource source;
  private final Scheduler scheduler;
  private final CacheOptions cache;
  private final EndOfText endOfText;
  private final int vocabulary;

  /** Says which tokens end a text. */
  @FunctionalInterface
  interface EndOfText {
    boolean test(int token);
  }

  DecodeLoop(
      Queue<Runnable> commands,
      BooleanSupplier closed,
      RunnerSource source,
      Scheduler scheduler,
      CacheOptions cache,
      EndOfText endOfText,
      int vocabulary) {
    this.commands = commands;
    this.closed = closed;
    this.source = new ForgettingSource(source, scheduler);
    this.scheduler = scheduler;
    this.side = new SideWork(this.source, scheduler);
    this.cache = cache;
    this.endOfText = endOfText;
    this.vocabulary = vocabulary;
  }

  @Override
  public int doWork() {
    if (closed.getAsBoolean()) {
      throw new AgentTerminationException(true);
    }
    int work = runCommands();
    dropCancelled();
    runExclusive();
    work += side.step() ? 1 : 0;
    admitWaiting();
    if (scheduler.isEmpty()) {
      return work;
    }
    step();
    return work + 1;
  }

  private int runCommands() {
    int count = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      count++;
    }
    return count;
  }

  /** Called on this thread, through a command. */
  void submit(Submission submission) {
    waiting.add(submission);
  }

  /**
   * Called on this thread, through a command: work on the caches as a whole, done when nothing
   * runs. It answers its failures itself.
   */
  void submitExclusive(Runnable work) {
    exclusive.add(work);
  }

  /**
   * Called on this thread, through a command: work that needs {@code pages} pages and is done
   * beside the sequences. It answers its failures itself.
   */
  void submitBeside(int pages, PageWork work) {
    side.add(pages, work);
  }

  private void runExclusive() {
    if (scheduler.isEmpty() && !side.holdsPages()) {
      for (Runnable next = exclusive.poll(); next != null; next = exclusive.poll()) {
        next.run();
      }
    }
  }

  private void admitWaiting() {
    if (!exclusive.isEmpty() || side.isStarved()) {
      return;
    }
    for (Submission next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!scheduler.admit(next.sequence())) {
        return;
      }
      active.put(next.sequence(), next);
      next.generation().admitted();
      waiting.remove();
    }
  }

  private void dropCancelled() {
    for (int i = scheduler.running().size() - 1; i >= 0; i--) {
      Sequence sequence = scheduler.running().get(i);
      if (submission(sequence).generation().isCancelled()) {
        end(sequence, FinishReason.CANCELLED, null);
      }
    }
    if (!waiting.isEmpty()) {
      waiting.removeIf(DecodeLoop::isDropped);
    }
  }

  /** Whoever no longer wants to be served frees a place in the queue at once. */
  private static boolean isDropped(Submission submission) {
    boolean cancelled = submission.generation().isCancelled();
    if (cancelled) {
      submission.generation().finish(FinishReason.CANCELLED, null);
    }
    return cancelled;
  }

  private void step() {
    TokenBatch batch = scheduler.next();
    if (batch.size() == 0) {
      // All gave up their pages, and some of those are lent.
      return;
    }
    try {
      ModelRunner runner = source.runner();
      runner.forward(batch);
      scheduler.computed();
      sample(runner);
    } catch (RuntimeException failure) {
      recover(failure);
    }
  }

  /**
   * After a device fault the CPU goes on from the tokens; anything else fails the requests in the
   * batch.
   */
  private void recover(RuntimeException failure) {
    try {
      if (!source.fallBack(failure)) {
        failAll(failure);
      }
    } catch (RuntimeException second) {
      second.addSuppressed(failure);
      failAll(second);
    }
  }

  /** Called on this thread, through a command. Reading a device's counters may find it gone. */
  LayerStatistics statistics() {
    try {
      return source.statistics();
    } catch (RuntimeException failure) {
      if (source.fallBack(failure)) {
        return source.statistics();
      }
      throw failure;
    }
  }

  private void sample(ModelRunner runner) {
    int count = scheduler.finishingCount();
    for (int from = 0; from < count; from += runner.logitRows()) {
      int rows = Math.min(runner.logitRows(), count - from);
      HostActivations logits = runner.logits(scheduler.finishingRows(), from, rows);
      for (int i = 0; i < rows; i++) {
        sample(scheduler.finishing(from + i), logits, i);
      }
    }
  }

  private void sample(Sequence sequence, HostActivations logits, int row) {
    try {
      draw(sequence, logits, row);
    } catch (ConstraintException failure) {
      end(sequence, FinishReason.FAILED, failure);
    }
  }

  private void draw(Sequence sequence, HostActivations logits, int row) {
    Submission submission = submission(sequence);
    submission.generation().reused(sequence.reused());
    Sampler sampler = sequence.sampler();
    int token =
        sampler.sample(
            logits.values(), logits.offset(row), vocabulary, sequence.tokens(), sequence.length());
    if (!submission.request().ignoreEnd() && endOfText.test(token)) {
      end(sequence, FinishReason.STOP, null);
      return;
    }
    sequence.append(token);
    Generation generation = submission.generation();
    generation.append(token, sampler.logprobs());
    if (sampler.isFinished()) {
      end(sequence, FinishReason.STOP, null);
    } else if (generation.count() == generation.maxTokens()) {
      end(sequence, FinishReason.LENGTH, null);
    } else if (sequence.isFull()) {
      makeRoom(sequence, submission);
    }
  }

  private void makeRoom(Sequence sequence, Submission submission) {
    if (!cache.shift()) {
      end(sequence, FinishReason.LENGTH, null);
      return;
    }
    int wanted = submission.request().keep();
    int keep = wanted == GenerationRequest.KEEP_AS_ENGINE ? cache.keep() : wanted;
    int count = keep == CacheOptions.KEEP_PROMPT ? submission.generation().promptTokens() : keep;
    scheduler.shift(sequence, count, source.runner());
  }

  private Submission submission(Sequence sequence) {
    Submission submission = active.get(sequence);
    if (submission == null) {
      throw new IllegalStateException("a running sequence has no request");
    }
    return submission;
  }

  private void end(Sequence sequence, FinishReason reason, @Nullable Throwable cause) {
    Submission submission = submission(sequence);
    active.remove(sequence);
    scheduler.remove(sequence);
    submission.generation().finish(reason, cause);
  }

  private void failAll(Throwable failure) {
    for (int i = scheduler.running().size() - 1; i >= 0; i--) {
      end(scheduler.running().get(i), FinishReason.FAILED, failure);
    }
  }

  @Override
  public void onClose() {
    runCommands();
    IllegalStateException closed = new IllegalStateException("the engine was closed");
    failAll(closed);
    for (Submission submission : waiting) {
      submission.generation().finish(FinishReason.FAILED, closed);
    }
    waiting.clear();
    // What waits for these has its answer: the source refuses to compute from here on.
    source.close();
    exclusive.forEach(Runnable::run);
    exclusive.clear();
    side.finish();
  }

  @Override
  public String roleName() {
    return "thermocline-decode";
  }
}
