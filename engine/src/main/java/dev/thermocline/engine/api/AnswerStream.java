package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.OutputPart;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer under way. It is read once, by one thread, in any of these ways; {@link #cancel} may be
 * called by any thread.
 *
 * <pre>{@code
 * String all = model.chat("Hello").answer().text();            // wait for all of it
 *
 * model.chat("Hello").forEachText(System.out::print);          // a callback
 *
 * try (AnswerStream answer = model.chat("Hello")) {            // pieces of text, as they come
 *   for (String piece : answer.texts()) {
 *     System.out.print(piece);
 *   }
 * }
 *
 * while (answer.hasNext()) {                                   // text, thoughts and tool calls
 *   OutputPart part = answer.next();
 * }
 * }</pre>
 *
 * <p>Generation begins before anything is read and does not wait for the reader. Closing ends it,
 * which costs nothing where it has ended.
 *
 * @since 0.1
 */
public final class AnswerStream implements Iterator<OutputPart>, AutoCloseable {
  private final Continuation continuation;
  private final Queue<OutputPart> ready = new ArrayDeque<>();
  private volatile AnswerRun run;
  private volatile boolean cancelled;
  private @Nullable Answer answer;

  /** What follows an answer, such as the answer to what its tools gave. */
  @FunctionalInterface
  interface Continuation {
    /** Nothing follows. */
    Continuation NONE = (answer, cancelled) -> null;

    /** The next run; null if this was the last answer. */
    @Nullable AnswerRun after(Answer answer, boolean cancelled);
  }

  AnswerStream(AnswerRun run, Continuation continuation) {
    this.run = run;
    this.continuation = continuation;
  }

  /**
   * Whether there is another part; waits for it.
   *
   * @throws dev.thermocline.engine.GenerationException if the engine failed
   * @throws CancellationException if this thread is interrupted; the answer is cancelled and the
   *     interrupt stays set
   */
  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && answer == null) {
      read();
    }
    return !ready.isEmpty();
  }

  /**
   * The next part; waits for it as {@link #hasNext} does.
   *
   * @throws NoSuchElementException at the end
   */
  @Override
  public OutputPart next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the answer has ended");
    }
    return ready.remove();
  }

  private void read() {
    try {
      var parts = run.next();
      if (parts != null) {
        ready.addAll(parts);
        return;
      }
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      CancellationException cancellation =
          new CancellationException("interrupted while waiting for an answer");
      cancellation.initCause(e);
      throw cancellation;
    }
    Answer whole = run.answer();
    AnswerRun next = continuation.after(whole, cancelled);
    if (next == null) {
      answer = whole;
      return;
    }
    run = next;
    if (cancelled) {
      next.cancel();
    }
  }

  /**
   * Reads what is left and returns the whole answer, what was read before included. Where tools
   * were called on the way, it is the answer to what they gave.
   *
   * @throws dev.thermocline.engine.GenerationException if the engine failed
   * @throws CancellationException if this thread is interrupted
   */
  public Answer answer() {
    while (hasNext()) {
      ready.clear();
    }
    Answer whole = answer;
    if (whole == null) {
      throw new IllegalStateException("an answer that has ended is not there");
    }
    return whole;
  }

  /** The text alone, piece by piece, for one loop. No piece splits a character. */
  public Iterable<String> texts() {
    return () -> new TextIterator(this);
  }

  /**
   * Calls back for every piece of text and returns the whole answer. What the callback throws ends
   * the answer and comes out here.
   */
  public Answer forEachText(Consumer<? super String> callback) {
    try (this) {
      texts().forEach(callback);
      return answer();
    }
  }

  /**
   * Ends the answer at the next token: what is there can still be read, and {@link Answer#finish}
   * says that it was cancelled. May be called by any thread.
   */
  public void cancel() {
    cancelled = true;
    run.cancel();
  }

  /** Whether the answer is all there and read. */
  boolean hasEnded() {
    return answer != null;
  }

  /** As {@link #cancel}. */
  @Override
  public void close() {
    cancel();
  }
}
