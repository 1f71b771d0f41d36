package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Answers held to schemas, patterns and grammars, and calls of tools, by the embedded model. */
class FormsTest {
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
  void holdsAnswersToASchema() throws Exception {
    String schema =
        "{'type':'object','properties':{'kind':{'enum':['fox','hen']},'old':{'type':'boolean'}},"
            + "'required':['kind','old'],'additionalProperties':false}";
    String request =
        "{'messages':[{'role':'user','content':'x'}],'temperature':1.5,'max_tokens':100,"
            + "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':"
            + schema
            + "}}";
    for (int seed = 0; seed < 5; seed++) {
      String more = request + ",'seed':" + seed;
      String whole =
          client.post(CHAT, more + "}").body().at("/choices/0/message/content").stringValue();
      JsonNode answer = Client.JSON.readTree(whole);
      assertTrue(List.of("fox", "hen").contains(answer.get("kind").stringValue()), whole);
      assertTrue(answer.get("old").isBoolean(), whole);
      assertEquals(whole, client.chatText(more + ",'stream':true}"));
    }
    Client.Reply wrong =
        client.post(
            CHAT,
            "{'messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_schema',"
                + "'json_schema':{'name':'s','schema':{'$ref':'#/nowhere'}}}}");
    assertEquals(400, wrong.status());
    assertEquals("response_format.json_schema.schema", wrong.error("param"));
  }

  @Test
  void holdsAnswersToPatternsAndGrammars() throws Exception {
    String text =
        client
            .post("/v1/completions", "{'prompt':'x','max_tokens':40,'regex':'[0-9]{3}-[ab]+c'}")
            .body()
            .at("/choices/0/text")
            .stringValue();
    assertTrue(text.matches("[0-9]{3}-[ab]*c?"), text);
    Client.Reply wrong = client.post("/v1/completions", "{'prompt':'x','grammar':'root ::= ('}");
    assertEquals("grammar", wrong.error("param"));
  }

  private static final String TOOLS =
      ",'tools':[{'type':'function','function':{'name':'look','parameters':{'type':'object',"
          + "'properties':{'where':{'enum':['left','right']}},'required':['where']}}},"
          + "{'type':'function','function':{'name':'wait'}}]";

  @Test
  void callsToolsAsTheyAreDeclared() throws Exception {
    String named = TOOLS + ",'tool_choice':{'type':'function','function':{'name':'look'}}";
    for (String choice : new String[] {named, TOOLS + ",'tool_choice':'required'"}) {
      String request = chat(",'max_tokens':200" + choice);
      JsonNode whole = client.post(CHAT, request).body().at("/choices/0");
      JsonNode call = whole.at("/message/tool_calls/0");
      String name = call.at("/function/name").stringValue();
      JsonNode arguments = Client.JSON.readTree(call.at("/function/arguments").stringValue());
      assertEquals("tool_calls", whole.get("finish_reason").stringValue());
      assertTrue(List.of("look", "wait").contains(name));
      assertTrue(name.equals("wait") || arguments.get("where").stringValue().matches("left|right"));
      StringBuilder streamed = new StringBuilder();
      for (String event : client.events(CHAT, request.replaceFirst("\\{", "{'stream':true,"))) {
        if (!event.equals("[DONE]")) {
          JsonNode delta = Client.JSON.readTree(event).at("/choices/0/delta/tool_calls/0/function");
          streamed
              .append(delta.path("name").asString(""))
              .append(delta.path("arguments").asString(""));
        }
      }
      assertEquals(name + call.at("/function/arguments").stringValue(), streamed.toString());
    }
  }

  @Test
  void callsToolsOrAnswersInAForm() throws Exception {
    String form =
        ",'temperature':1.5,'max_tokens':300,'response_format':{'type':'json_schema',"
            + "'json_schema':{'name':'s','schema':{'type':'object','properties':"
            + "{'kind':{'enum':['fox','hen']}},'required':['kind']}}}";
    String asked = "{'messages':[{'role':'user','content':'x'}]" + TOOLS + form;
    for (int seed = 0; seed < 6; seed++) {
      JsonNode choice = client.post(CHAT, asked + ",'seed':" + seed + "}").body().at("/choices/0");
      if (choice.get("finish_reason").stringValue().equals("tool_calls")) {
        String name = choice.at("/message/tool_calls/0/function/name").stringValue();
        assertTrue(List.of("look", "wait").contains(name), name);
      } else if (choice.get("finish_reason").stringValue().equals("stop")) {
        JsonNode answer = Client.JSON.readTree(choice.at("/message/content").stringValue());
        assertTrue(List.of("fox", "hen").contains(answer.get("kind").stringValue()));
      }
    }
    Client.Reply both = client.post(CHAT, chat(TOOLS + ",'regex':'[a-z]+'"));
    assertEquals("tools", both.error("param"));
  }

  @Test
  void callsNothingWhereNoneIsWantedAndRefusesUnknownTools() throws Exception {
    JsonNode none = client.post(CHAT, chat(",'max_tokens':5,'tool_choice':'none'" + TOOLS)).body();
    assertEquals(
        client.post(CHAT, chat(",'max_tokens':5")).body().get("choices"), none.get("choices"));
    assertEquals(
        200, client.post(CHAT, chat(",'max_tokens':5,'tool_choice':'auto'" + TOOLS)).status());
    assertEquals(
        "tool_choice.function.name",
        client
            .post(
                CHAT,
                chat(TOOLS + ",'tool_choice':{'type':'function','function':{'name':'other'}}"))
            .error("param"));
    assertEquals(
        "tool_choice", client.post(CHAT, chat(",'tool_choice':'required'")).error("param"));
  }
}
