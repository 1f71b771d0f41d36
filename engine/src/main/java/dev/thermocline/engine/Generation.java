package dev.thermocline.engine;

import dev.thermocline.engine.sample.Logprobs;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A running request. The decode thread appends tokens, one other thread reads them; nothing is
 * allocated per token, unless log-probabilities are kept.
 */
public final class Generation {
  private final int[] tokens;
  private final int promptTokens;
  private final @Nullable TokenLogprobs logprobs;
  private volatile int cachedTokens;
  private volatile int count;
  private volatile @Nullable FinishReason finish;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread reader;
  private volatile long queuedNanos;
  private volatile long firstTokenNanos;
  private volatile long elapsedNanos;
  private final long submitted = System.nanoTime();

  Generation(int promptTokens, int maxTokens) {
    this(promptTokens, maxTokens, GenerationRequest.NO_LOGPROBS);
  }

  Generation(int promptTokens, int maxTokens, int topLogprobs) {
    this.promptTokens = promptTokens;
    this.tokens = new int[maxTokens];
    this.logprobs = topLogprobs < 0 ? null : new TokenLogprobs(topLogprobs, maxTokens);
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens;
  }

  /**
   * Tokens of the prompt that were not computed, as an earlier text began alike; known when the
   * first token is there.
   */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Tokens generated so far. */
  public int count() {
    return count;
  }

  /**
   * Waits for token {@code index} and returns it, or -1 if the generation ends before it.
   *
   * @throws GenerationException if the engine failed
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public int await(int index) throws InterruptedException {
    reader = Thread.currentThread();
    while (index >= count && finish == null) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    if (index < count) {
      return tokens[index];
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new GenerationException("generation failed: " + cause.getMessage(), cause);
    }
    return -1;
  }

  /**
   * Waits for the end and returns all tokens.
   *
   * @throws GenerationException if the engine failed
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public int[] awaitAll() throws InterruptedException {
    int index = 0;
    while (await(index) >= 0) {
      index++;
    }
    return java.util.Arrays.copyOf(tokens, index);
  }

  /** Whether log-probabilities are kept. */
  public boolean hasLogprobs() {
    return logprobs != null;
  }

  /**
   * Log-probability of token {@code index} by the model alone, before sampling changed anything.
   *
   * @throws IndexOutOfBoundsException if the token is not there yet
   * @throws IllegalStateException if the request did not ask for log-probabilities
   */
  public float logprob(int index) {
    return logprobs(index).drawn(index);
  }

  /** How many of the most likely tokens are kept for every place. */
  public int topLogprobs() {
    return logprobs == null ? 0 : logprobs.alternatives();
  }

  /**
   * The token that was {@code rank}th most likely at {@code index}, 0 for the best; -1 for none.
   */
  public int topToken(int index, int rank) {
    return logprobs(index).token(index, Objects.checkIndex(rank, topLogprobs()));
  }

  /** Log-probability of {@link #topToken}. */
  public float topLogprob(int index, int rank) {
    return logprobs(index).value(index, Objects.checkIndex(rank, topLogprobs()));
  }

  private TokenLogprobs logprobs(int index) {
    Objects.checkIndex(index, count);
    TokenLogprobs kept = logprobs;
    if (kept == null) {
      throw new IllegalStateException(
          "log-probabilities: expected a request with top logprobs, got one without");
    }
    return kept;
  }

  /** Ends the generation at the next token. */
  public void cancel() {
    cancelled = true;
  }

  /** Why it ended, or null while it runs. */
  public @Nullable FinishReason finish() {
    return finish;
  }

  /** What failed, if {@link #finish} is {@link FinishReason#FAILED}. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Nanoseconds that the request waited for room, 0 before it is taken in. */
  public long queuedNanos() {
    return queuedNanos;
  }

  /** Nanoseconds from the request to its first token, 0 before that. */
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** Nanoseconds from the request to its end, 0 before that. */
  public long elapsedNanos() {
    return elapsedNanos;
  }

  /** Called by the decode thread when the request is taken in. */
  void admitted() {
    queuedNanos = System.nanoTime() - submitted;
  }

  boolean isCancelled() {
    return cancelled;
  }

  int maxTokens() {
    return tokens.length;
  }

  /** Called by the decode thread: a token with its log-probabilities, where they are kept. */
  void append(int token, @Nullable Logprobs drawn) {
    TokenLogprobs kept = logprobs;
    if (kept != null && drawn != null) {
      kept.set(count, drawn);
    }
    append(token);
  }

  /** Called by the decode thread, before it appends. */
  void reused(int tokens) {
    cachedTokens = tokens;
  }

  /** Called by the decode thread. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void append(int token) {
    if (count == 0) {
      firstTokenNanos = System.nanoTime() - submitted;
    }
    tokens[count] = token;
    count++;
    wakeReader();
  }

  /** Called by the decode thread, once. */
  void finish(FinishReason reason, @Nullable Throwable cause) {
    elapsedNanos = System.nanoTime() - submitted;
    failure = cause;
    finish = reason;
    wakeReader();
  }

  private void wakeReader() {
    Thread waiting = reader;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }
}
