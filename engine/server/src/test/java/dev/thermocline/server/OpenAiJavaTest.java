package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.thermocline.server.http.HttpSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client, as it is, against the server. */
class OpenAiJavaTest {
  private static ThermoclineServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer().http(HttpSettings.defaults().withApiKeys(Set.of("right"))).start();
    client = client("right");
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model("hearth")
        .addUserMessage("Once upon a time")
        .temperature(0)
        .maxCompletionTokens(12);
  }

  private static String content(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElse("");
  }

  @Test
  void streamsWhatItAnswersWhole() {
    ChatCompletion whole = client.chat().completions().create(chat().build());
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    // Twice: the connection outlives a stream.
    for (int i = 0; i < 2; i++) {
      accumulator = ChatCompletionAccumulator.create();
      try (StreamResponse<ChatCompletionChunk> stream =
          client.chat().completions().createStreaming(chat().build())) {
        stream.stream().forEach(accumulator::accumulate);
      }
    }
    assertEquals(content(whole), content(accumulator.chatCompletion()));
    assertEquals(12, whole.usage().orElseThrow().completionTokens());
  }

  @Test
  void callsTools() {
    FunctionParameters parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties", JsonValue.from(Map.of("old", Map.of("type", "boolean"))))
            .putAdditionalProperty("required", JsonValue.from(List.of("old")))
            .build();
    ChatCompletion reply =
        client
            .chat()
            .completions()
            .create(
                chat()
                    .maxCompletionTokens(80)
                    .addTool(
                        ChatCompletionFunctionTool.builder()
                            .function(
                                FunctionDefinition.builder()
                                    .name("age")
                                    .parameters(parameters)
                                    .build())
                            .build())
                    .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                    .parallelToolCalls(false)
                    .build());
    assertEquals(
        "age",
        reply
            .choices()
            .getFirst()
            .message()
            .toolCalls()
            .orElseThrow()
            .getFirst()
            .asFunction()
            .function()
            .name());
  }

  @Test
  void holdsToASchemaAndGivesLogprobs() {
    ResponseFormatJsonSchema.JsonSchema.Schema schema =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
            .putAdditionalProperty("enum", JsonValue.from(List.of("fox", "hen")))
            .build();
    ChatCompletion reply =
        client
            .chat()
            .completions()
            .create(
                chat()
                    .logprobs(true)
                    .topLogprobs(2)
                    .responseFormat(
                        ResponseFormatJsonSchema.builder()
                            .jsonSchema(
                                ResponseFormatJsonSchema.JsonSchema.builder()
                                    .name("animal")
                                    .schema(schema)
                                    .build())
                            .build())
                    .build());
    assertTrue(content(reply).matches("\"(fox|hen)\""), content(reply));
    assertEquals(
        2,
        reply
            .choices()
            .getFirst()
            .logprobs()
            .orElseThrow()
            .content()
            .orElseThrow()
            .getFirst()
            .topLogprobs()
            .size());
  }

  @Test
  void embedsAndLists() {
    CreateEmbeddingResponse reply =
        client
            .embeddings()
            .create(EmbeddingCreateParams.builder().model("hearth").input("Once").build());
    assertEquals(256, reply.data().getFirst().embedding().size());
    assertEquals("hearth", client.models().list().data().getFirst().id());
    assertEquals("hearth", client.models().retrieve("hearth").id());
  }

  @Test
  void throwsWhatItsUsersCatch() {
    assertThrows(
        BadRequestException.class,
        () -> client.chat().completions().create(chat().temperature(9).build()));
    assertThrows(
        NotFoundException.class,
        () -> client.chat().completions().createStreaming(chat().model("gpt-9").build()));
    OpenAIClient stranger = client("wrong");
    assertThrows(UnauthorizedException.class, () -> stranger.models().list());
    stranger.close();
  }
}
