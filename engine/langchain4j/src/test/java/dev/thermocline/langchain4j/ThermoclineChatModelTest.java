package dev.thermocline.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * LangChain4j's shared tests of chat models.
 *
 * <p>All run but those of what is not there: a choice among models by name (the model is the one
 * that was opened) and images. In their place run the tests that such requests are refused.
 */
class ThermoclineChatModelTest extends AbstractChatModelIT {
  private LocalModel local;

  @BeforeAll
  void open(@TempDir Path folder) {
    local = Script.open(folder, 2048);
  }

  @AfterAll
  void close() {
    local.close();
  }

  @Override
  protected List<ChatModel> models() {
    return List.of(createModelWith(ChatRequestParameters.builder().build()));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return new ThermoclineChatModel(local, AnswerOptions.greedy(), parameters, List.of());
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return createParameters(maxOutputTokens);
  }

  @Override
  protected boolean supportsModelNameParameter() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }
}
