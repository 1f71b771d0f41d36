package dev.thermocline.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's shared tests of listeners to streaming chat models. */
class ThermoclineStreamingListenerTest extends AbstractStreamingChatModelListenerIT {
  @TempDir private Path folder;
  private @Nullable LocalModel local;

  @AfterEach
  void close() {
    if (local != null) {
      local.close();
    }
  }

  private StreamingChatModel model(ChatModelListener listener, int context) {
    local = Script.open(folder, context);
    ChatRequestParameters parameters =
        ChatRequestParameters.builder()
            .temperature(temperature())
            .topP(topP())
            .maxOutputTokens(maxTokens())
            .build();
    return new ThermoclineStreamingChatModel(
        local, AnswerOptions.greedy(), parameters, List.of(listener));
  }

  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    return model(listener, 2048);
  }

  /** One whose context is too small. */
  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    return model(listener, 8);
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return InvalidRequestException.class;
  }

  /** A request names none. */
  @Override
  protected @Nullable String modelName() {
    return null;
  }
}
