package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, with which status, and that it is said as OpenAI says it. */
class ErrorsTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'temperature':3|temperature",
        "'temperature':'hot'|temperature",
        "'temperature':1e999|temperature",
        "'top_p':-0.1|top_p",
        "'top_k':1.5|top_k",
        "'max_tokens':0|max_tokens",
        "'max_tokens':-5|max_tokens",
        "'max_tokens':99999999999999999999|max_tokens",
        "'max_completion_tokens':'x'|max_completion_tokens",
        "'n':0|n",
        "'n':1000|n",
        "'stop':5|stop",
        "'stop':['']|stop",
        "'stop':[1]|stop[0]",
        "'seed':'x'|seed",
        "'stream':'yes'|stream",
        "'stream_options':5|stream_options",
        "'logit_bias':{'999999':1}|logit_bias",
        "'logit_bias':{'5':1000}|logit_bias.5",
        "'frequency_penalty':9|frequency_penalty",
        "'presence_penalty':[]|presence_penalty",
        "'logprobs':1|logprobs",
        "'logprobs':true,'top_logprobs':99|top_logprobs",
        "'top_logprobs':2|top_logprobs",
        "'model':7|model",
        "'tools':{}|tools",
        "'tools':[{'type':'function'}]|tools[0].function",
        "'chat_template_kwargs':[]|chat_template_kwargs",
      })
  void namesTheParameter(String parameter, String name) throws Exception {
    for (String stream : new String[] {"", ",'stream':true"}) {
      if (stream.isEmpty() || !parameter.contains("'stream'")) {
        Client.Reply reply =
            client.post(
                "/v1/chat/completions",
                "{'messages':[{'role':'user','content':'x'}]," + parameter + stream + "}");
        assertEquals(400, reply.status(), parameter);
        assertEquals(name, reply.error("param"));
        assertEquals("invalid_request_error", reply.error("type"));
        assertTrue(reply.error("message").startsWith(name), reply.error("message"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'x'|messages",
        "[]|messages",
        "null|messages",
        "['x']|messages[0]",
        "[{}]|messages[0].role",
        "[{'role':'king','content':'x'}]|messages[0].role",
        "[{'role':'user'}]|messages[0].content",
        "[{'role':'user','content':5}]|messages[0].content",
        "[{'role':'user','content':[{'type':'image_url'}]}]|messages[0].content[0].type",
        "[{'role':'assistant','tool_calls':[{}]}]|messages[0].tool_calls[0].function",
      })
  void namesThePlaceInMessages(String messages, String place) throws Exception {
    Client.Reply reply = client.post("/v1/chat/completions", "{'messages':" + messages + "}");
    assertEquals(400, reply.status());
    assertEquals(place, reply.error("param"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/v1/completions|{}|prompt",
        "/v1/completions|{'prompt':[]}|prompt",
        "/v1/completions|{'prompt':[1,'x']}|prompt[1]",
        "/v1/completions|{'prompt':[999999]}|prompt[0]",
        "/v1/completions|{'prompt':'x','suffix':'y'}|suffix",
        "/v1/completions|{'prompt':'x','best_of':3}|best_of",
        "/v1/completions|{'prompt':'x','best_of':1,'n':2}|best_of",
        "/v1/completions|{'prompt':'x','max_tokens':0}|max_tokens",
        "/v1/completions|{'prompt':'x','echo':true,'max_tokens':-1}|max_tokens",
        "/v1/embeddings|{}|input",
        "/v1/embeddings|{'input':'x','dimensions':7}|dimensions",
        "/v1/embeddings|{'input':'x','encoding_format':'hex'}|encoding_format",
        "/v1/embeddings|{'input':['x',['y']]}|input[1][0]",
        "/v1/embeddings|{'input':''}|input",
        "/v1/embeddings|{'input':['x','']}|input",
        "/v1/embeddings|{'input':['x',[]]}|input",
        "/tokenize|{}|content",
        "/detokenize|{'tokens':'x'}|tokens",
        "/detokenize|{'tokens':[-1]}|tokens[0]",
      })
  void namesTheParameterOfOtherRoutes(String path, String body, String name) throws Exception {
    Client.Reply reply = client.post(path, body);
    assertEquals(400, reply.status());
    assertEquals(name, reply.error("param"));
  }

  @Test
  void refusesAPromptBeyondTheContextWithBothNumbers() throws Exception {
    String text = "Once upon a time. ".repeat(200);
    for (String more : new String[] {"", ",'stream':true"}) {
      Client.Reply reply =
          client.post(
              "/v1/chat/completions",
              "{'messages':[{'role':'user','content':'" + text + "'}]" + more + "}");
      assertEquals(400, reply.status());
      assertEquals("context_length_exceeded", reply.error("code"));
      assertTrue(reply.error("message").matches(".* 512 tokens.* [0-9]{4} tokens.*"));
    }
  }

  @Test
  void namesTheModelsThereAreForAnUnknownOne() throws Exception {
    Client.Reply reply =
        client.post(
            "/v1/chat/completions",
            "{'model':'gpt-9','messages':[{'role':'user','content':'x'}],'stream':true}");
    assertEquals(404, reply.status());
    assertEquals("model_not_found", reply.error("code"));
    assertTrue(reply.error("message").contains("hearth"));
    assertEquals(404, client.get("/v1/models/gpt-9").status());
  }

  @Test
  void refusesUnknownRoutesMethodsAndBodies() throws Exception {
    assertEquals("unknown_url", client.get("/v1/nothing").error("code"));
    Client.Reply wrong = client.get("/v1/chat/completions");
    assertEquals(405, wrong.status());
    assertEquals("POST", wrong.response().headers().firstValue("Allow").orElse(""));
    for (String body : new String[] {"", "{", "[]", "5", "{} {}", "{'a':1,'a':2}", "nul"}) {
      assertEquals(400, client.post("/v1/chat/completions", body).status(), body);
    }
    assertEquals(404, client.get("/web/..%2fServerOptions.class").status());
  }

  @Test
  void saysInJsonWhatIsNoHttp() throws Exception {
    for (String request :
        new String[] {
          "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -4\r\n\r\n",
          "GET /health HTTP/1.1\r\nHost: localhost\r\nBad Header: y\r\n\r\n",
        }) {
      String answer = raw(request);
      assertTrue(answer.startsWith("HTTP/1.1 4"), request + answer);
      assertTrue(answer.contains("{\"error\":{\"message\":"), answer);
    }
  }

  @Test
  void refusesChunksWithoutASizeAndEncodingsItDoesNotKnow() throws Exception {
    String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n";
    for (String request :
        new String[] {
          head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
          head + "Transfer-Encoding: chunked\r\n\r\nfffffffffff\r\n",
          head + "Transfer-Encoding: chunked\r\n\r\n2;more=1\r\n{}\r\n0\r\n\r\n",
          head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        }) {
      String answer = raw(request);
      assertTrue(answer.startsWith("HTTP/1.1 400"), request + answer);
      assertTrue(answer.contains("Connection: close"), answer);
      assertTrue(answer.contains("invalid_request_error") && !answer.contains("null\""), answer);
    }
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    String answer = raw("HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    assertTrue(answer.contains("Content-Length: 15"), answer);
    assertTrue(answer.endsWith("\r\n\r\n"), answer);
    assertTrue(raw("HEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n").endsWith("\r\n\r\n"));
  }

  @Test
  void toleratesUpgradeHeadersWithABody() throws Exception {
    String body = "{\"prompt\":\"Once\",\"max_tokens\":1}";
    String answer =
        raw(
            "POST /v1/completions HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Connection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\n"
                + "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
  }

  /** Sends bytes and reads what comes back until the first silence after some of it. */
  static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      byte[] buffer = new byte[8192];
      int read = socket.getInputStream().read(buffer);
      return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.UTF_8);
    }
  }
}
