package dev.thermocline.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.models.template.ChatMessage;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** What both chat models are made of. */
abstract sealed class LocalChat permits ThermoclineChatModel, ThermoclineStreamingChatModel {
  private final LocalModel model;
  private final AnswerOptions options;
  private final ChatRequestParameters parameters;
  private final List<ChatModelListener> listeners;

  LocalChat(
      LocalModel model,
      AnswerOptions options,
      ChatRequestParameters parameters,
      List<ChatModelListener> listeners) {
    this.model = Objects.requireNonNull(model);
    this.options = Objects.requireNonNull(options);
    this.parameters = Requests.supported(parameters);
    this.listeners = List.copyOf(listeners);
  }

  /**
   * An answer that begins when it is asked for; what else is wrong with the request is thrown then.
   *
   * @throws UnsupportedFeatureException if the request wants what no model here can do
   */
  final Supplier<AnswerStream> prepare(ChatRequest request) {
    try {
      List<ChatMessage> messages = Messages.of(request.messages());
      AnswerOptions wanted = Requests.options(options, request.parameters());
      return () -> model.chat(messages, wanted);
    } catch (UnsupportedFeatureException refused) {
      throw refused;
    } catch (RuntimeException wrong) {
      return () -> {
        throw wrong;
      };
    }
  }

  final String modelName() {
    return model.name();
  }

  /** What requests that say nothing else are answered with. */
  public final ChatRequestParameters defaultRequestParameters() {
    return parameters;
  }

  public final List<ChatModelListener> listeners() {
    return listeners;
  }

  public final Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
