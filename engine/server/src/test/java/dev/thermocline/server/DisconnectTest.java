package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that go away, queues that are full, servers that stop. */
@Timeout(120)
class DisconnectTest {
  private static final String LONG =
      "{'prompt':'Once upon a time','max_tokens':500,'ignore_eos':true,'temperature':0";

  private static EngineOptions one() {
    return EngineOptions.defaults().withThreads(1).withDevice(DeviceMode.CPU).withSequences(1);
  }

  @Test
  void endsTheTextsOfClientsThatLeave() throws Exception {
    try (ThermoclineServer server = new TestServer().engine(one()).start();
        Client client = new Client(server)) {
      for (String stream : new String[] {"", ",'stream':true"}) {
        String body = (LONG + stream + "}").replace('\'', '"');
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          OutputStream out = socket.getOutputStream();
          out.write(
              ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
          out.flush();
          awaitTexts(client, 1);
        }
        awaitTexts(client, 0);
      }
      assertTrue(client.text("/metrics").contains("status=\"499\"} 2"));
    }
  }

  /** Waits until so many texts run. */
  private static void awaitTexts(Client client, int count) throws Exception {
    String line = "thermocline_texts{model=\"hearth\",state=\"running\"} " + count + ".0";
    while (!client.text("/metrics").contains(line)) {
      Thread.sleep(5);
    }
  }

  @Test
  void refusesWhatTheQueueDoesNotHoldAndRecovers() throws Exception {
    try (ThermoclineServer server = new TestServer().engine(one()).queue(1).start();
        Client client = new Client(server)) {
      List<CompletableFuture<HttpResponse<String>>> two =
          List.of(begin(client, LONG + "}"), begin(client, LONG + "}"));
      String waiting = "thermocline_texts{model=\"hearth\",state=\"waiting\"} 1.0";
      while (!client.text("/metrics").contains(waiting)) {
        Thread.sleep(5);
      }
      Client.Reply third = client.post("/v1/completions", "{'prompt':'x','stream':true}");
      assertEquals(429, third.status());
      assertEquals("rate_limit_error", third.error("type"));
      assertEquals("1", third.response().headers().firstValue("Retry-After").orElse(""));
      for (CompletableFuture<HttpResponse<String>> reply : two) {
        assertEquals(200, reply.join().statusCode());
      }
      assertEquals(200, client.post("/v1/completions", "{'prompt':'x'}").status());
    }
  }

  private static CompletableFuture<HttpResponse<String>> begin(Client client, String body) {
    return client
        .http()
        .sendAsync(client.posting("/v1/completions", body), BodyHandlers.ofString());
  }

  @Test
  void letsTextsFinishWhenItIsToldToStop() throws Exception {
    ThermoclineServer server = new TestServer().engine(one()).grace(Duration.ofMinutes(1)).start();
    try (Client client = new Client(server)) {
      CompletableFuture<HttpResponse<String>> running = begin(client, LONG + "}");
      CompletableFuture<HttpResponse<String>> stream = begin(client, LONG + ",'stream':true}");
      awaitTexts(client, 1);
      Thread stop = new Thread(server::close);
      stop.start();
      while (client.get("/health").status() != 503) {
        Thread.sleep(5);
      }
      assertEquals("stopping", client.post("/v1/completions", "{'prompt':'x'}").error("code"));
      assertEquals(200, running.join().statusCode());
      assertTrue(stream.join().body().endsWith("data: [DONE]\n\n"));
      stop.join();
    }
  }

  @Test
  void endsTextsThatTakeLongerThanTheGraceTime() throws Exception {
    ThermoclineServer server = new TestServer().engine(one()).grace(Duration.ZERO).start();
    try (Client client = new Client(server)) {
      CompletableFuture<HttpResponse<String>> whole = begin(client, LONG + "}");
      CompletableFuture<HttpResponse<String>> stream = begin(client, LONG + ",'stream':true}");
      awaitTexts(client, 1);
      server.close();
      assertEquals(503, whole.join().statusCode());
      String streamed = stream.join().body();
      assertTrue(streamed.contains("\"code\":\"stopping\""), streamed);
    }
  }

  @Test
  void keepsTheConnectionAfterAStream() throws Exception {
    try (ThermoclineServer server = new TestServer().start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      for (int i = 0; i < 3; i++) {
        String body = "{\"prompt\":\"Once\",\"max_tokens\":3,\"stream\":true}";
        socket
            .getOutputStream()
            .write(
                ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.UTF_8));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n0\r\n\r\n")) {
          int next = socket.getInputStream().read();
          assertTrue(next >= 0, answer::toString);
          answer.append((char) next);
        }
        assertTrue(answer.toString().contains("[DONE]"));
      }
    }
  }

  @Test
  void sendsCommentsWhileNothingIsToBeSaid() throws Exception {
    TestServer settings = new TestServer().engine(one());
    try (ThermoclineServer server =
            settings
                .http(
                    dev.thermocline.server.http.HttpSettings.defaults()
                        .withPingInterval(Duration.ofMillis(5)))
                .start();
        Client client = new Client(server)) {
      CompletableFuture<HttpResponse<String>> first = begin(client, LONG + "}");
      awaitTexts(client, 1);
      String second = begin(client, "{'prompt':'x','max_tokens':1,'stream':true}").join().body();
      assertEquals(200, first.join().statusCode());
      assertTrue(second.startsWith(": ping\n\n"), second);
      assertTrue(second.endsWith("data: [DONE]\n\n"), second);
    }
  }
}
