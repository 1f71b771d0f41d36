package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.OutputPart;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers as publishers: every subscriber gets one of its own, on a virtual thread of its own. */
final class AnswerPublisher implements Flow.Publisher<OutputPart> {
  private final Supplier<AnswerStream> start;

  /**
   * Prepares answers.
   *
   * @param start begins one
   */
  AnswerPublisher(Supplier<AnswerStream> start) {
    this.start = start;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super OutputPart> subscriber) {
    Reader reader = new Reader(start, Objects.requireNonNull(subscriber));
    Thread thread = Thread.ofVirtual().name("thermocline-answer").unstarted(reader);
    reader.thread = thread;
    thread.start();
  }

  /** Reads an answer as fast as its subscriber asks for it. */
  private static final class Reader implements Runnable, Flow.Subscription {
    private final Supplier<AnswerStream> start;
    private final Flow.Subscriber<? super OutputPart> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable AnswerStream stream;
    private volatile boolean wrongRequest;
    private @Nullable Thread thread;

    private Reader(Supplier<AnswerStream> start, Flow.Subscriber<? super OutputPart> subscriber) {
      this.start = start;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        wrongRequest = true;
        stop();
      } else {
        demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      }
      LockSupport.unpark(thread);
    }

    @Override
    public void cancel() {
      ended.set(true);
      stop();
      LockSupport.unpark(thread);
    }

    private void stop() {
      AnswerStream running = stream;
      if (running != null) {
        running.cancel();
      }
    }

    @Override
    public void run() {
      subscriber.onSubscribe(this);
      if (ended.get()) {
        return;
      }
      try (AnswerStream answer = start.get()) {
        stream = answer;
        while (!ended.get() && !wrongRequest && answer.hasNext()) {
          awaitDemand();
          if (!ended.get() && !wrongRequest) {
            demand.decrementAndGet();
            subscriber.onNext(answer.next());
          }
        }
      } catch (RuntimeException failure) {
        fail(failure);
      }
      finish();
    }

    private void awaitDemand() {
      while (demand.get() == 0 && !ended.get() && !wrongRequest) {
        LockSupport.park(this);
      }
    }

    private void finish() {
      if (wrongRequest) {
        fail(new IllegalArgumentException("request: expected 1 or more parts, got less"));
      } else if (!ended.getAndSet(true)) {
        subscriber.onComplete();
      }
    }

    private void fail(RuntimeException failure) {
      if (!ended.getAndSet(true)) {
        subscriber.onError(failure);
      }
    }
  }
}
