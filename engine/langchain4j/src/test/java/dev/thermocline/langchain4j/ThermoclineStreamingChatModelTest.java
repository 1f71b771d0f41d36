package dev.thermocline.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeastOnce;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.TestStreamingChatResponseHandler;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.common.ChatResponseAndStreamingMetadata;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;

/**
 * LangChain4j's shared tests of streaming chat models, cancellation and partial tool calls
 * included. What is left out is what {@link ThermoclineChatModelTest} leaves out.
 */
class ThermoclineStreamingChatModelTest extends AbstractStreamingChatModelIT {
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
  protected List<StreamingChatModel> models() {
    return List.of(createModelWith(ChatRequestParameters.builder().build()));
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return new ThermoclineStreamingChatModel(local, AnswerOptions.greedy(), parameters, List.of());
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return new ThermoclineStreamingChatModel(local, AnswerOptions.greedy(), List.of(listener));
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return createParameters(maxOutputTokens);
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String id) {
    order
        .verify(handler, atLeastOnce())
        .onPartialToolCall(argThat(piece -> piece.id().equals(id)), any());
    order
        .verify(handler)
        .onCompleteToolCall(argThat(call -> call.toolExecutionRequest().id().equals(id)));
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String first, String second) {
    verifyToolCallbacks(handler, order, first);
    verifyToolCallbacks(handler, order, second);
  }

  /** No shared test is about thoughts. */
  @Test
  void tellsThoughtsAndAnswer() {
    StreamingChatModel model = createModelWith(ChatRequestParameters.builder().build());
    TestStreamingChatResponseHandler handler = new TestStreamingChatResponseHandler();
    model.chat("The color of the sky, think", handler);
    assertEquals("Blue.", handler.get().aiMessage().text());
    assertEquals("Light scatters.", handler.get().aiMessage().thinking());
    assertEquals("Light scatters.", handler.getThinking());
  }

  /** What the token limit cuts off is told as far as it came, and is no call. */
  @Test
  void doesNotCompleteACallThatIsCutOff() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("What is the weather in Munich?"))
            .toolSpecifications(ToolSpecification.builder().name("getWeather").build())
            .maxOutputTokens(3)
            .build();
    StreamingChatModel model = createModelWith(ChatRequestParameters.builder().build());
    ChatResponseAndStreamingMetadata cut = chat(model, request);
    assertEquals(FinishReason.LENGTH, cut.chatResponse().finishReason());
    assertEquals(List.of(), cut.chatResponse().aiMessage().toolExecutionRequests());
    assertEquals(List.of(), cut.streamingMetadata().completeToolCalls());
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
