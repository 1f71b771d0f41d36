package dev.thermocline.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;

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
 * <p>What fails is thrown as LangChain4j's own: {@code UnsupportedFeatureException}, {@code
 * InvalidRequestException} (such as a prompt that is too long), {@code InternalServerException}
 * where the engine failed.
 *
 * @since 0.1
 */
public final class ThermoclineChatModel extends LocalChat implements ChatModel {

  /** A model with {@link AnswerOptions#defaults}. */
  public ThermoclineChatModel(LocalModel model) {
    this(model, AnswerOptions.defaults(), List.of());
  }

  /** A model with options of its own. */
  public ThermoclineChatModel(
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
  public ThermoclineChatModel(
      LocalModel model,
      AnswerOptions options,
      ChatRequestParameters parameters,
      List<ChatModelListener> listeners) {
    super(model, options, parameters, listeners);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    try (AnswerStream answer = prepare(request).get()) {
      return Responses.of(answer.answer(), modelName());
    } catch (RuntimeException failure) {
      throw Failures.of(failure);
    }
  }
}
