package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.models.template.ChatMessage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AnswerPublisherTest {
  private static final AnswerOptions SHORT = AnswerOptions.greedy().withMaxTokens(16);
  private static final List<ChatMessage> STORY = List.of(ChatMessage.user("Once upon a time"));

  private static LocalModel model;

  @BeforeAll
  static void open() throws IOException {
    model =
        LocalModel.open(
            "default", EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(1));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Writes down what it is told. */
  private static final class Recorder implements Flow.Subscriber<OutputPart> {
    private final StringBuilder text = new StringBuilder();
    private final Semaphore parts = new Semaphore(0);
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long initial;
    private volatile int count;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable Throwable failure;
    private volatile boolean completed;

    private Recorder(long initial) {
      this.initial = initial;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      subscribed.countDown();
      if (initial != 0) {
        given.request(initial);
      }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // called by one thread
    public void onNext(OutputPart part) {
      if (part instanceof OutputPart.Content content) {
        text.append(content.text());
      }
      count++;
      parts.release();
    }

    @Override
    public void onError(Throwable thrown) {
      failure = thrown;
      ended.countDown();
    }

    @Override
    public void onComplete() {
      completed = true;
      ended.countDown();
    }

    private Flow.Subscription subscription() throws InterruptedException {
      assertTrue(subscribed.await(1, TimeUnit.MINUTES));
      Flow.Subscription given = subscription;
      if (given == null) {
        throw new IllegalStateException("not subscribed");
      }
      return given;
    }

    private void awaitEnd() throws InterruptedException {
      assertTrue(ended.await(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void publishesTheAnswerToEverySubscriber() throws Exception {
    Flow.Publisher<OutputPart> publisher = model.publish(STORY, SHORT);
    String expected = model.chat(STORY, SHORT).answer().text();
    for (int i = 0; i < 2; i++) {
      Recorder recorder = new Recorder(Long.MAX_VALUE);
      publisher.subscribe(recorder);
      recorder.awaitEnd();
      assertNull(recorder.failure);
      assertTrue(recorder.completed);
      assertEquals(expected, recorder.text.toString());
    }
  }

  @Test
  void sendsNoMoreThanWasAskedFor() throws Exception {
    Recorder recorder = new Recorder(0);
    model.publish(STORY, SHORT).subscribe(recorder);
    Flow.Subscription subscription = recorder.subscription();
    for (int asked = 1; asked <= 5; asked++) {
      subscription.request(1);
      recorder.parts.acquire();
      assertEquals(asked, recorder.count);
    }
    subscription.request(Long.MAX_VALUE);
    subscription.request(Long.MAX_VALUE);
    recorder.awaitEnd();
    assertTrue(recorder.completed);
  }

  @Test
  void cancellingIsTheLastThatIsHeard() throws Exception {
    Recorder recorder = new Recorder(1);
    model.publish(STORY, AnswerOptions.greedy()).subscribe(recorder);
    recorder.parts.acquire();
    recorder.subscription().cancel();
    recorder.subscription().request(5);
    // One sequence at a time: this one runs when the other has ended.
    model.chat(STORY, SHORT).answer();
    assertEquals(1, recorder.count);
    assertEquals(1, recorder.ended.getCount());
  }

  @Test
  void failuresGoToTheSubscriber() throws Exception {
    Recorder wrong = new Recorder(-1);
    model.publish(STORY, SHORT).subscribe(wrong);
    wrong.awaitEnd();
    assertInstanceOf(IllegalArgumentException.class, wrong.failure);
    Recorder tooLong = new Recorder(1);
    model
        .publish(List.of(ChatMessage.user("a b ".repeat(model.context()))), SHORT)
        .subscribe(tooLong);
    tooLong.awaitEnd();
    assertInstanceOf(PromptTooLongException.class, tooLong.failure);
    assertEquals(0, tooLong.count);
  }
}
