package dev.thermocline.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * As {@link ThermoclineChatModel}, with answers as they come. Handlers are called on a virtual
 * thread of their own; what is wrong with a request is thrown at once.
 *
 * @since 0.1
 */
public final class ThermoclineStreamingChatModel implements StreamingChatModel {
  private final LocalModel model;
  private final AnswerOptions defaults;
  private final List<ChatModelListener> listeners;

  /** A model with {@link AnswerOptions#defaults}. */
  public ThermoclineStreamingChatModel(LocalModel model) {
    this(model, AnswerOptions.defaults(), List.of());
  }

  /**
   * A model with options of its own.
   *
   * @param defaults for what a request leaves open
   * @param listeners of requests and responses
   */
  public ThermoclineStreamingChatModel(
      LocalModel model, AnswerOptions defaults, List<ChatModelListener> listeners) {
    this.model = Objects.requireNonNull(model);
    this.defaults = Objects.requireNonNull(defaults);
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    AnswerStream answer =
        model.chat(
            Messages.of(request.messages()), Requests.options(defaults, request.parameters()));
    Thread.ofVirtual().name("thermocline-langchain4j").start(new StreamedAnswer(answer, handler));
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
