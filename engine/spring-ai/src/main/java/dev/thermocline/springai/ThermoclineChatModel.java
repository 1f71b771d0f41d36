package dev.thermocline.springai;

import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.tools.OutputPart;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Spring AI's chat model over a model in this process. Safe for use by several threads; the caller
 * keeps the {@link LocalModel} and closes it.
 *
 * <pre>{@code
 * try (LocalModel local = LocalModel.open("owner/repo:Q4_K_M")) {
 *   ChatClient client = ChatClient.create(new ThermoclineChatModel(local));
 *   System.out.println(client.prompt("Why is the sky blue?").call().content());
 * }
 * }</pre>
 *
 * <p>As with Spring AI's other models, the options of a prompt take the place of the model's, and
 * tools are called by {@code ChatClient}: this model only says which. Thoughts are the message's
 * {@code reasoningContent}. A stream has them in pieces and all of them again in its last response,
 * which has the calls, the finish reason and the usage too. Media are refused.
 *
 * @since 0.1
 */
public final class ThermoclineChatModel implements ChatModel {
  private final LocalModel model;
  private final AnswerOptions defaults;
  private final ThermoclineChatOptions options;

  /** A model with {@link AnswerOptions#defaults}. */
  public ThermoclineChatModel(LocalModel model) {
    this(model, AnswerOptions.defaults(), ThermoclineChatOptions.builder().build());
  }

  /**
   * A model with options of its own.
   *
   * @param defaults for what all other options leave open
   * @param options for prompts without options; what {@code ChatClient} starts from
   */
  public ThermoclineChatModel(
      LocalModel model, AnswerOptions defaults, ThermoclineChatOptions options) {
    this.model = Objects.requireNonNull(model);
    this.defaults = Objects.requireNonNull(defaults);
    this.options = Objects.requireNonNull(options);
  }

  @Override
  public ChatOptions getOptions() {
    return options;
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    try (AnswerStream answer = start(prompt)) {
      return new Responses(model.name()).whole(answer.answer());
    }
  }

  /** The answer as it comes, read on a thread for blocking work; cancelling ends it. */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.defer(() -> pieces(prompt)).subscribeOn(Schedulers.boundedElastic());
  }

  private Flux<ChatResponse> pieces(Prompt prompt) {
    Responses responses = new Responses(model.name());
    return Flux.generate(
        () -> start(prompt),
        (answer, sink) -> {
          next(answer, responses, sink);
          return answer;
        },
        AnswerStream::close);
  }

  private static void next(
      AnswerStream answer, Responses responses, SynchronousSink<ChatResponse> sink) {
    try {
      while (answer.hasNext()) {
        switch (answer.next()) {
          case OutputPart.Content content -> {
            sink.next(responses.text(content.text()));
            return;
          }
          case OutputPart.Reasoning thought -> {
            sink.next(responses.thoughts(thought.text()));
            return;
          }
          // Spring AI has no pieces of calls: they come whole, at the end.
          case OutputPart.CallStart call -> {}
          case OutputPart.CallArguments more -> {}
        }
      }
      sink.next(responses.end(answer.answer()));
      sink.complete();
    } catch (CancellationException interrupted) {
      // A subscriber that cancels interrupts this thread, and hears nothing any more.
      sink.complete();
    }
  }

  private AnswerStream start(Prompt prompt) {
    ChatOptions given = prompt.getOptions() == null ? options : prompt.getOptions();
    return model.chat(
        Messages.of(prompt.getInstructions()), Requests.options(defaults, given, model.name()));
  }
}
