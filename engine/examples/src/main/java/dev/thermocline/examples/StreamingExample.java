package dev.thermocline.examples;

import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.models.template.ChatMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;

/** Reads an answer as it comes, in three ways. */
public final class StreamingExample {
  private StreamingExample() {}

  public static void main(String[] args) throws Exception {
    AnswerOptions options = AnswerOptions.greedy().withMaxTokens(20);
    List<ChatMessage> question = List.of(ChatMessage.user("Once upon a time"));
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      model.chat(question, options).forEachText(System.out::print);
      System.out.println();

      try (AnswerStream answer = model.chat(question, options)) {
        for (String piece : answer.texts()) {
          System.out.print(piece);
          if (piece.contains(".")) {
            answer.cancel();
          }
        }
        System.out.println(" [" + answer.answer().finish() + "]");
      }

      // Any implementation of reactive streams takes a Flow.Publisher; here it is the JDK's own.
      try (SubmissionPublisher<String> texts = new SubmissionPublisher<>()) {
        CompletableFuture<Void> printed = texts.consume(System.out::print);
        model.publish(question, options).subscribe(new TextSubscriber(texts));
        printed.join();
      }
      System.out.println();
    }
  }

  /** Hands the text on and leaves out what is none. */
  private static final class TextSubscriber
      implements java.util.concurrent.Flow.Subscriber<OutputPart> {
    private final SubmissionPublisher<String> texts;

    private TextSubscriber(SubmissionPublisher<String> texts) {
      this.texts = texts;
    }

    @Override
    public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(OutputPart part) {
      if (part instanceof OutputPart.Content content) {
        texts.submit(content.text());
      }
    }

    @Override
    public void onError(Throwable failure) {
      texts.closeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      texts.close();
    }
  }
}
