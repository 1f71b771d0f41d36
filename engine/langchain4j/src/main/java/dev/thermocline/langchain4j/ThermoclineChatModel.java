package dev.thermocline.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * LangChain4j's chat model over a model in this process. Safe for use by several threads; the
 * caller keeps the {@link LocalModel} and closes it.
 *
 * <pre>{@code
 * try (LocalModel local = LocalModel.open("owner/repo:Q4_K_M")) {
 *   ChatModel model = new ThermoclineChatModel(local);
 *   System.out.println(model.chat("Why is the sky blue?"));
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class ThermoclineChatModel implements ChatModel {
  private final LocalModel model;
  private final AnswerOptions defaults;
  private final List<ChatModelListener> listeners;

  /** A model with {@link AnswerOptions#defaults}. */
  public ThermoclineChatModel(LocalModel model) {
    this(model, AnswerOptions.defaults(), List.of());
  }

  /**
   * A model with options of its own.
   *
   * @param defaults for what a request leaves open
   * @param listeners of requests and responses
   */
  public ThermoclineChatModel(
      LocalModel model, AnswerOptions defaults, List<ChatModelListener> listeners) {
    this.model = Objects.requireNonNull(model);
    this.defaults = Objects.requireNonNull(defaults);
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return Responses.of(
        model
            .chat(Messages.of(request.messages()), Requests.options(defaults, request.parameters()))
            .answer());
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
