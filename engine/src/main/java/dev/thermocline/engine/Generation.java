package dev.thermocline.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A running request. The decode thread appends tokens, one other thread reads them; nothing is
 * allocated per token.
 */
public final class Generation {
  private final int[] tokens;
  private final int promptTokens;
  private volatile int count;
  private volatile @Nullable FinishReason finish;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread reader;
  private volatile long firstTokenNanos;
  private volatile long elapsedNanos;
  private final long submitted = System.nanoTime();

  Generation(int promptTokens, int maxTokens) {
    this.promptTokens = promptTokens;
    this.tokens = new int[maxTokens];
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens;
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

  /** Nanoseconds from the request to its first token, 0 before that. */
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** Nanoseconds from the request to its end, 0 before that. */
  public long elapsedNanos() {
    return elapsedNanos;
  }

  boolean isCancelled() {
    return cancelled;
  }

  int maxTokens() {
    return tokens.length;
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
