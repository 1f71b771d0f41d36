package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI module, as it is, over the JDK's client, which asks for HTTP/2. */
class LangChain4jTest {
  private static ThermoclineServer server;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer().start();
    url = "http://127.0.0.1:" + server.port() + "/v1";
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OpenAiChatModel model(double temperature) {
    return OpenAiChatModel.builder()
        .baseUrl(url)
        .apiKey("none")
        .modelName("hearth")
        .temperature(temperature)
        .maxTokens(80)
        .maxRetries(0)
        .build();
  }

  @Test
  void streamsWhatItAnswersWhole() {
    String whole = model(0).chat("Once upon a time");
    assertFalse(whole.isBlank());
    OpenAiStreamingChatModel streaming =
        OpenAiStreamingChatModel.builder()
            .baseUrl(url)
            .apiKey("none")
            .modelName("hearth")
            .temperature(0.0)
            .maxTokens(80)
            .build();
    StringBuilder text = new StringBuilder();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    streaming.chat(
        "Once upon a time",
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String partial) {
            text.append(partial);
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            done.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            done.completeExceptionally(error);
          }
        });
    assertEquals(whole, done.join().aiMessage().text());
    assertEquals(whole, text.toString());
    assertTrue(done.join().tokenUsage().outputTokenCount() > 0);
  }

  @Test
  void callsTools() {
    ToolSpecification tool =
        ToolSpecification.builder()
            .name("age")
            .parameters(
                JsonObjectSchema.builder().addBooleanProperty("old").required("old").build())
            .build();
    ChatResponse response =
        model(0)
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("How old is the king?"))
                    .toolSpecifications(tool)
                    .toolChoice(ToolChoice.REQUIRED)
                    .build());
    assertEquals("age", response.aiMessage().toolExecutionRequests().getFirst().name());
  }

  @Test
  void embeds() {
    OpenAiEmbeddingModel embedding =
        OpenAiEmbeddingModel.builder().baseUrl(url).apiKey("none").modelName("hearth").build();
    assertEquals(256, embedding.embed("Once upon a time").content().dimension());
  }

  @Test
  void throwsWhatItsUsersCatch() {
    OpenAiChatModel wrong = model(5);
    assertThrows(InvalidRequestException.class, () -> wrong.chat("x"));
  }
}
