package dev.thermocline.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.api.PromptTooLongException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The adapters over the default model, which has real weights and no idea of what it is asked. */
class ThermoclineModelsTest {
  private static final UserMessage STORY = UserMessage.from("Once upon a time");
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("tells it")
          .parameters(JsonObjectSchema.builder().addBooleanProperty("now").required("now").build())
          .build();

  private static LocalModel local;
  private static ThermoclineChatModel model;
  private static ThermoclineStreamingChatModel streaming;

  @BeforeAll
  static void open() throws IOException {
    local = LocalModel.open("default", EngineOptions.defaults().withThreads(2));
    AnswerOptions options = AnswerOptions.greedy().withMaxTokens(100);
    model = new ThermoclineChatModel(local, options, List.of());
    streaming = new ThermoclineStreamingChatModel(local, options, List.of());
  }

  @AfterAll
  static void close() {
    local.close();
  }

  /** Keeps what a stream says. */
  private static final class Recorder implements StreamingChatResponseHandler {
    private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final List<CompleteToolCall> calls = new ArrayList<>();
    private final int cancelAfter;
    private int pieces;

    private Recorder(int cancelAfter) {
      this.cancelAfter = cancelAfter;
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      text.append(piece.text());
      if (++pieces == cancelAfter) {
        context.streamingHandle().cancel();
        cancelled.complete(context.streamingHandle().isCancelled());
      }
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      calls.add(call);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      whole.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      whole.completeExceptionally(error);
    }

    private ChatResponse await() throws Exception {
      return whole.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void respectsMessagesAndLimits() {
    ChatRequest request = ChatRequest.builder().messages(STORY).maxOutputTokens(5).build();
    ChatResponse response = model.chat(request);
    assertFalse(response.aiMessage().text().isBlank());
    assertEquals(5, response.tokenUsage().outputTokenCount());
    assertEquals(FinishReason.LENGTH, response.finishReason());
    assertTrue(response.tokenUsage().inputTokenCount() > 0);
    assertTrue(response.aiMessage().toolExecutionRequests().isEmpty());
    ChatResponse longer = model.chat(SystemMessage.from("Be brief."), STORY);
    assertTrue(longer.tokenUsage().inputTokenCount() > response.tokenUsage().inputTokenCount());
  }

  @Test
  void respectsStopSequences() {
    String whole = model.chat(STORY).aiMessage().text();
    String stop = whole.substring(8, 12);
    ChatResponse cut =
        model.chat(ChatRequest.builder().messages(STORY).stopSequences(List.of(stop)).build());
    assertEquals(whole.substring(0, whole.indexOf(stop)), cut.aiMessage().text());
    assertEquals(FinishReason.STOP, cut.finishReason());
  }

  @Test
  void streamsWhatTheOtherSays() throws Exception {
    Recorder recorder = new Recorder(0);
    streaming.chat(List.of(STORY), recorder);
    String whole = model.chat(STORY).aiMessage().text();
    assertEquals(whole, recorder.await().aiMessage().text());
    assertEquals(whole, recorder.text.toString());
  }

  @Test
  void cancelsAStream() throws Exception {
    Recorder recorder = new Recorder(3);
    streaming.chat(List.of(STORY), recorder);
    assertTrue(recorder.cancelled.get(1, TimeUnit.MINUTES));
    model.chat(STORY);
    assertFalse(recorder.whole.isDone());
    assertEquals(3, recorder.pieces);
  }

  @Test
  void respectsASchema() {
    JsonSchema schema =
        JsonSchema.builder()
            .name("Pair")
            .rootElement(
                JsonObjectSchema.builder()
                    .addProperty("number", new JsonIntegerSchema())
                    .addProperty("yes", new JsonBooleanSchema())
                    .required("number", "yes")
                    .build())
            .build();
    ResponseFormat format =
        ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build();
    ChatResponse response =
        model.chat(ChatRequest.builder().messages(STORY).responseFormat(format).build());
    String json = response.aiMessage().text().replaceAll("\\s", "");
    assertTrue(json.matches("\\{\"number\":-?[0-9]+,\"yes\":(true|false)}"), json);
  }

  @Test
  void forcesAToolThenAnswers() throws Exception {
    ChatRequest forced =
        ChatRequest.builder()
            .messages(STORY)
            .toolSpecifications(WEATHER)
            .toolChoice(ToolChoice.REQUIRED)
            .build();
    AiMessage asks = model.chat(forced).aiMessage();
    ToolExecutionRequest request = asks.toolExecutionRequests().getFirst();
    assertEquals("weather", request.name());
    assertTrue(request.arguments().matches("\\{\\s*\"now\":\\s?(true|false)\\s*}"));
    assertFalse(request.id().isBlank());
    Recorder recorder = new Recorder(0);
    streaming.chat(forced, recorder);
    assertEquals("weather", recorder.await().aiMessage().toolExecutionRequests().getFirst().name());
    assertEquals("weather", recorder.calls.getFirst().toolExecutionRequest().name());
    ChatRequest then =
        ChatRequest.builder()
            .messages(STORY, asks, ToolExecutionResultMessage.from(request, "rain"))
            .toolSpecifications(WEATHER)
            .maxOutputTokens(10)
            .toolChoice(ToolChoice.NONE)
            .build();
    assertFalse(model.chat(then).aiMessage().hasToolExecutionRequests());
  }

  @Test
  void refusesWhatIsNotSupported() {
    assertThrows(
        UnsupportedFeatureException.class,
        () -> model.chat(ChatRequest.builder().messages(STORY).modelName("other").build()));
    assertThrows(
        UnsupportedFeatureException.class,
        () -> model.chat(UserMessage.from(ImageContent.from("https://example.org/cat.png"))));
    Throwable tooLong =
        assertThrows(
            InvalidRequestException.class,
            () -> model.chat(UserMessage.from("a b ".repeat(local.context()))));
    assertInstanceOf(PromptTooLongException.class, tooLong.getCause());
  }

  @Test
  void embedsAndCounts() {
    ThermoclineEmbeddingModel embeddings = new ThermoclineEmbeddingModel(local);
    assertEquals(local.embeddingSize(), embeddings.dimension());
    var all = embeddings.embedAll(List.of(TextSegment.from("a king"), TextSegment.from("rain")));
    assertEquals(2, all.content().size());
    assertEquals(local.embeddingSize(), all.content().getFirst().dimension());
    assertTrue(all.tokenUsage().inputTokenCount() > 1);
    assertEquals(all.content().getFirst(), embeddings.embed("a king").content());
    ThermoclineTokenCountEstimator counter = new ThermoclineTokenCountEstimator(local);
    assertTrue(counter.estimateTokenCountInText("a king") > 1);
    int one = counter.estimateTokenCountInMessage(STORY);
    assertTrue(counter.estimateTokenCountInMessages(List.of(STORY, STORY)) > one);
    assertNull(STORY.name());
  }
}
