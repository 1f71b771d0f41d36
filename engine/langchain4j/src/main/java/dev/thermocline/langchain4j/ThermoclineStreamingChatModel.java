package dev.thermocline.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;

/**
 * As {@link ThermoclineChatModel}, with answers as they come: text, thoughts, and the arguments of
 * tool calls. A handler is called on a virtual thread of its own, for errors too, but for what is
 * not supported, which is thrown at once. A {@code StreamingHandle} cancels at the next token;
 * nothing is heard after that.
 *
 * @since 0.1
 */
public final class ThermoclineStreamingChatModel extends LocalChat implements StreamingChatModel {

  /** A model with {@link AnswerOptions#defaults}. */
  public ThermoclineStreamingChatModel(LocalModel model) {
    this(model, AnswerOptions.defaults(), List.of());
  }

  /** A model with options of its own. */
  public ThermoclineStreamingChatModel(
      LocalModel model, AnswerOptions options, List<ChatModelListener> listeners) {
    this(model, options, ChatRequestParameters.builder().build(), listeners);
  }

  /**
   * A model with options and parameters of its own.
   *
   * @param options for what requests and parameters leave open
   * @param parameters for what requests leave open
   * @param listeners of requests and responses
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the parameters name a model
   */
  public ThermoclineStreamingChatModel(
      LocalModel model,
      AnswerOptions options,
      ChatRequestParameters parameters,
      List<ChatModelListener> listeners) {
    super(model, options, parameters, listeners);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    StreamedAnswer answer = new StreamedAnswer(prepare(request), handler, modelName());
    Thread.ofVirtual().name("thermocline-langchain4j").start(answer);
  }
}
