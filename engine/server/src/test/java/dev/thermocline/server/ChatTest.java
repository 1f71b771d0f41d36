package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Chat completions, completions, models and tokens, against the embedded model. */
class ChatTest {
  private static final String CHAT = "/v1/chat/completions";
  private static ThermoclineServer server;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer().start();
    client = new Client(server);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static String chat(String more) {
    return "{'messages':[{'role':'user','content':'Once upon a time'}],'temperature':0"
        + more
        + "}";
  }

  @Test
  void answersWhole() throws Exception {
    Client.Reply reply = client.post(CHAT, chat(",'max_tokens':7"));
    assertEquals(200, reply.status());
    JsonNode body = reply.body();
    assertEquals("chat.completion", body.get("object").stringValue());
    assertEquals("hearth", body.get("model").stringValue());
    JsonNode choice = body.get("choices").get(0);
    assertEquals("assistant", choice.at("/message/role").stringValue());
    assertFalse(choice.at("/message/content").stringValue().isBlank());
    assertEquals("length", choice.get("finish_reason").stringValue());
    assertEquals(7, body.at("/usage/completion_tokens").intValue());
    assertEquals(
        body.at("/usage/prompt_tokens").intValue() + 7, body.at("/usage/total_tokens").intValue());
  }

  @Test
  void streamsTheSameText() throws Exception {
    String text =
        client
            .post(CHAT, chat(",'max_tokens':20"))
            .body()
            .at("/choices/0/message/content")
            .stringValue();
    assertEquals(text, client.chatText(chat(",'max_tokens':20,'stream':true")));
  }

  @Test
  void streamsRoleFirstOneFinishReasonUsageAndDone() throws Exception {
    List<String> events =
        client.events(
            CHAT, chat(",'max_tokens':4,'stream':true,'stream_options':{'include_usage':true}"));
    assertEquals("[DONE]", events.getLast());
    JsonNode first = Client.JSON.readTree(events.getFirst());
    assertEquals("assistant", first.at("/choices/0/delta/role").stringValue());
    assertEquals("", first.at("/choices/0/delta/content").stringValue());
    assertTrue(first.get("usage").isNull());
    JsonNode usage = Client.JSON.readTree(events.get(events.size() - 2));
    assertTrue(usage.get("choices").isEmpty());
    assertEquals(4, usage.at("/usage/completion_tokens").intValue());
    long reasons = events.stream().filter(e -> e.contains("\"finish_reason\":\"length\"")).count();
    assertEquals(1, reasons);
    List<String> without = client.events(CHAT, chat(",'max_tokens':4,'stream':true"));
    assertTrue(without.stream().noneMatch(e -> e.contains("usage")));
  }

  @Test
  void neverLetsAStopStringOut() throws Exception {
    String text =
        client
            .post(CHAT, chat(",'max_tokens':40"))
            .body()
            .at("/choices/0/message/content")
            .stringValue();
    for (int at : new int[] {3, 11, 25}) {
      String stop = text.substring(at, at + 4);
      String expected = text.substring(0, text.indexOf(stop));
      String more = ",'max_tokens':40,'stop':['" + stop + "']";
      JsonNode whole = client.post(CHAT, chat(more)).body();
      assertEquals(expected, whole.at("/choices/0/message/content").stringValue());
      assertEquals("stop", whole.at("/choices/0/finish_reason").stringValue());
      assertEquals(expected, client.chatText(chat(more + ",'stream':true")));
    }
  }

  @Test
  void drawsTheSameWithTheSameSeed() throws Exception {
    String request =
        "{'messages':[{'role':'user','content':'The"
            + " king'}],'max_tokens':12,'temperature':1.5,'n':2,'seed':";
    JsonNode first = client.post(CHAT, request + "5}").body().get("choices");
    assertEquals(first, client.post(CHAT, request + "5}").body().get("choices"));
    assertNotEquals(first.get(0).get("message"), first.get(1).get("message"));
    assertNotEquals(first, client.post(CHAT, request + "6}").body().get("choices"));
  }

  @Test
  void takesEitherLimitAndContentInParts() throws Exception {
    assertEquals(
        3,
        client
            .post(CHAT, chat(",'max_completion_tokens':3,'max_tokens':9"))
            .body()
            .at("/usage/completion_tokens")
            .intValue());
    String parts =
        "{'messages':[{'role':'user','content':[{'type':'text','text':'Once upon a time'}]}],"
            + "'temperature':0,'max_tokens':5}";
    assertEquals(
        client.post(CHAT, chat(",'max_tokens':5")).body().get("choices"),
        client.post(CHAT, parts).body().get("choices"));
  }

  @Test
  void givesLogprobs() throws Exception {
    JsonNode choice =
        client
            .post(CHAT, chat(",'max_tokens':5,'logprobs':true,'top_logprobs':3"))
            .body()
            .at("/choices/0");
    JsonNode content = choice.at("/logprobs/content");
    assertEquals(5, content.size());
    StringBuilder text = new StringBuilder();
    for (JsonNode token : content) {
      text.append(token.get("token").stringValue());
      assertEquals(3, token.get("top_logprobs").size());
      assertEquals(token.get("logprob"), token.at("/top_logprobs/0/logprob"));
      assertTrue(token.get("logprob").doubleValue() <= 0);
    }
    assertEquals(choice.at("/message/content").stringValue(), text.toString());
    List<String> events =
        client.events(CHAT, chat(",'max_tokens':5,'logprobs':true,'top_logprobs':1,'stream':true"));
    assertEquals(5, events.stream().filter(e -> e.contains("\"top_logprobs\"")).count());
  }

  @Test
  void completesPromptsOfAllForms() throws Exception {
    JsonNode both =
        client
            .post(
                "/v1/completions",
                "{'prompt':['Once upon','The king'],'max_tokens':3,'temperature':0}")
            .body();
    assertEquals("text_completion", both.get("object").stringValue());
    JsonNode tokens =
        client.post("/tokenize", "{'content':'The king','add_special':true}").body().get("tokens");
    JsonNode one =
        client
            .post(
                "/v1/completions",
                "{'prompt':" + tokens + ",'max_tokens':3,'temperature':0,'echo':true}")
            .body();
    assertEquals(
        "The king" + both.at("/choices/1/text").stringValue(),
        one.at("/choices/0/text").stringValue());
  }

  @Test
  void countsTextOffsetsThroughAStream() throws Exception {
    String request = "{'prompt':'Once upon','max_tokens':6,'temperature':0,'logprobs':1";
    JsonNode whole = client.post("/v1/completions", request + "}").body().at("/choices/0");
    List<Integer> offsets = new java.util.ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String event : client.events("/v1/completions", request + ",'stream':true}")) {
      if (!event.equals("[DONE]")) {
        JsonNode choice = Client.JSON.readTree(event).at("/choices/0");
        text.append(choice.get("text").stringValue());
        choice.at("/logprobs/text_offset").forEach(offset -> offsets.add(offset.intValue()));
      }
    }
    assertEquals(whole.get("text").stringValue(), text.toString());
    assertEquals(6, offsets.size());
    for (int i = 0; i < offsets.size(); i++) {
      String token = whole.at("/logprobs/tokens/" + i).stringValue();
      assertTrue(text.substring(offsets.get(i)).startsWith(token));
      assertEquals(whole.at("/logprobs/text_offset/" + i).intValue(), offsets.get(i));
    }
  }

  /** As programs ask that judge texts rather than have them written. */
  @Test
  void scoresPrompts() throws Exception {
    String text = "Once upon a time there lived";
    String ask = "{'prompt':'" + text + "','temperature':0,'echo':true,'logprobs':2,'max_tokens':";
    JsonNode choice = client.post("/v1/completions", ask + "0}").body().at("/choices/0");
    assertEquals(text, choice.get("text").stringValue());
    assertEquals("length", choice.get("finish_reason").stringValue());
    JsonNode scores = choice.get("logprobs");
    assertTrue(scores.at("/token_logprobs/0").isNull());
    assertTrue(scores.at("/top_logprobs/0").isNull());
    int count = scores.get("tokens").size();
    StringBuilder spelled = new StringBuilder();
    for (int i = 0; i < count; i++) {
      assertEquals(spelled.length(), scores.at("/text_offset/" + i).intValue());
      spelled.append(scores.at("/tokens/" + i).stringValue());
      assertTrue(i == 0 || scores.at("/token_logprobs/" + i).doubleValue() <= 0);
      assertTrue(i == 0 || scores.at("/top_logprobs/" + i).size() == 2);
    }
    assertEquals(text, spelled.toString());
    // What the model wrote itself it judges as it did when it wrote.
    JsonNode written =
        client
            .post(
                "/v1/completions",
                "{'prompt':'Once upon','temperature':0,'logprobs':2,'max_tokens':4}")
            .body()
            .at("/choices/0");
    JsonNode judged =
        client
            .post(
                "/v1/completions",
                ask.replace(text, "Once upon" + written.get("text").stringValue()) + "3}")
            .body()
            .at("/choices/0/logprobs");
    int prompt = judged.get("tokens").size() - 3;
    for (int i = 0; i < 4; i++) {
      assertEquals(written.at("/logprobs/tokens/" + i), judged.at("/tokens/" + (prompt - 4 + i)));
      assertEquals(
          written.at("/logprobs/token_logprobs/" + i).doubleValue(),
          judged.at("/token_logprobs/" + (prompt - 4 + i)).doubleValue(),
          1e-4);
    }
    List<String> events =
        client.events(
            "/v1/completions", ask + "0,'stream':true,'stream_options':{'include_usage':true}}");
    assertEquals(4, events.size());
    assertEquals(scores, Client.JSON.readTree(events.getFirst()).at("/choices/0/logprobs"));
    assertEquals("[DONE]", events.getLast());
    assertEquals(
        "max_tokens",
        client.post("/v1/completions", "{'prompt':'x','max_tokens':0}").error("param"));
  }

  /** As clients send them that write down every field they have. */
  @Test
  void takesNullForNotGiven() throws Exception {
    StringBuilder nulls = new StringBuilder();
    for (String name :
        List.of(
            "temperature", "top_p", "n", "stream", "stream_options", "stop", "seed", "logprobs")) {
      nulls.append(",'").append(name).append("':null");
    }
    for (String name :
        List.of(
            "tools",
            "tool_choice",
            "response_format",
            "logit_bias",
            "parallel_tool_calls",
            "model")) {
      nulls.append(",'").append(name).append("':null");
    }
    assertEquals(
        200,
        client
            .post(CHAT, "{'messages':[{'role':'user','content':'x'}],'max_tokens':2" + nulls + "}")
            .status());
    assertEquals(
        200,
        client
            .post(
                "/v1/completions",
                "{'prompt':'x','suffix':'','top_k':-1,'max_tokens':2" + nulls + "}")
            .status());
  }

  @Test
  void turnsTextIntoTokensAndBack() throws Exception {
    JsonNode tokens = client.post("/tokenize", "{'content':'Once upon a time'}").body();
    assertEquals(tokens.get("count").intValue(), tokens.get("tokens").size());
    assertEquals(
        "Once upon a time",
        client
            .post("/detokenize", "{'tokens':" + tokens.get("tokens") + "}")
            .body()
            .get("content")
            .stringValue());
    assertEquals(
        "a\n\nb",
        client
            .post(
                "/apply-template",
                "{'messages':[{'role':'system','content':'a'},{'role':'user','content':'b'}]}")
            .body()
            .get("prompt")
            .stringValue());
  }

  @Test
  void embedsInBothEncodings() throws Exception {
    JsonNode floats = client.post("/v1/embeddings", "{'input':['Once','The king']}").body();
    assertEquals(2, floats.get("data").size());
    JsonNode vector = floats.at("/data/1/embedding");
    byte[] bytes =
        java.util.Base64.getDecoder()
            .decode(
                client
                    .post("/v1/embeddings", "{'input':'The king','encoding_format':'base64'}")
                    .body()
                    .at("/data/0/embedding")
                    .stringValue());
    java.nio.FloatBuffer same =
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double squares = 0;
    for (int i = 0; i < vector.size(); i++) {
      assertEquals(same.get(i), vector.get(i).floatValue());
      squares += same.get(i) * same.get(i);
    }
    assertEquals(1, squares, 1e-5);
    assertEquals(vector.size(), same.limit());
  }

  @Test
  void describesModelsAndItself() throws Exception {
    assertEquals("hearth", client.get("/v1/models").body().at("/data/0/id").stringValue());
    assertEquals("hearth", client.get("/v1/models/hearth").body().get("id").stringValue());
    assertEquals(512, client.get("/props").body().get("n_ctx").intValue());
    assertEquals("ok", client.get("/health").body().get("status").stringValue());
    String metrics = client.text("/metrics");
    assertTrue(
        metrics.contains("thermocline_layer_active_share{layer=\"0\",model=\"hearth\"}"), metrics);
    assertTrue(metrics.contains("thermocline_kv_pages"), metrics);
    assertEquals(4, client.get("/api/engine/placement").body().get("layers").size());
    assertTrue(client.text("/").contains("<!doctype html>"));
  }

  @Test
  void reusesPromptsThatBeginAlike() throws Exception {
    String prompt =
        "{'prompt':'" + "The king and the queen went out. ".repeat(12) + "','max_tokens':2}";
    client.post("/v1/completions", prompt);
    JsonNode usage = client.post("/v1/completions", prompt).body().get("usage");
    assertTrue(usage.at("/prompt_tokens_details/cached_tokens").intValue() > 50, usage::toString);
  }
}
