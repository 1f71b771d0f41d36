package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.DefaultModel;
import dev.thermocline.server.http.HttpSettings;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys, pages of other origins, and limits on what clients may send. */
class AccessTest {
  private static final String CHAT = "/v1/completions";
  private static final String BODY = "{'prompt':'Once','max_tokens':1}";

  @Test
  void letsOnlyKeysInButForHealthAndThePage() throws Exception {
    HttpSettings http = HttpSettings.defaults().withApiKeys(Set.of("one", "two"));
    try (ThermoclineServer server = new TestServer().http(http).start();
        Client nobody = new Client(server);
        Client second = new Client(server, "Authorization", "Bearer two");
        Client wrong = new Client(server, "Authorization", "Bearer three")) {
      assertEquals(200, nobody.get("/health").status());
      assertEquals(200, nobody.get("/").status());
      for (String path :
          List.of("/v1/models", "/props", "/metrics", "/api/engine/placement", "/nothing")) {
        assertEquals(401, nobody.get(path).status(), path);
        assertEquals("invalid_api_key", wrong.get(path).error("code"), path);
      }
      for (String path : List.of(CHAT, "/v1/chat/completions", "/v1/embeddings", "/tokenize")) {
        assertEquals(401, nobody.post(path, BODY).status(), path);
      }
      assertEquals(200, second.get("/v1/models").status());
      assertEquals(200, second.post(CHAT, BODY).status());
    }
  }

  @Test
  void letsNoForeignPageInUnlessItIsListed() throws Exception {
    String header = "Access-Control-Allow-Origin";
    HttpSettings listed =
        HttpSettings.defaults().withCorsOrigins(List.of("https://friend.example"));
    try (ThermoclineServer closed = new TestServer().start();
        ThermoclineServer open = new TestServer().http(listed).start();
        Client evil = new Client(closed, "Origin", "https://evil.example");
        Client own = new Client(closed, "Origin", "http://127.0.0.1:" + closed.port());
        Client stranger = new Client(open, "Origin", "https://evil.example");
        Client friend = new Client(open, "Origin", "https://friend.example")) {
      assertTrue(evil.get("/v1/models").response().headers().firstValue(header).isEmpty());
      assertEquals(403, evil.post(CHAT, BODY).status());
      assertEquals(200, own.post(CHAT, BODY).status());
      assertEquals(403, stranger.post(CHAT, BODY).status());
      assertEquals(
          "https://friend.example",
          friend.post(CHAT, BODY).response().headers().firstValue(header).orElse(""));
    }
  }

  /** A page that made its own name mean this machine is of the same origin, but for its name. */
  @Test
  void answersToTheNamesOfThisMachineAloneUnlessKeysAreSet() throws Exception {
    HttpSettings proxied =
        HttpSettings.defaults().withAllowedHosts(List.of("chat.example", "thermocline"));
    try (ThermoclineServer closed = new TestServer().start();
        ThermoclineServer behindProxy = new TestServer().http(proxied).start();
        ThermoclineServer withKey =
            new TestServer()
                .http(HttpSettings.defaults().withApiKeys(Set.of(TestServer.KEY)))
                .start()) {
      int port = closed.port();
      for (String host :
          List.of(
              "localhost", "LOCALHOST:" + port, "localhost.", "127.0.0.1:" + port, "127.8.9.1")) {
        assertEquals(200, statusFor(closed, host), host);
      }
      assertEquals(200, statusFor(closed, "[::1]:" + port));
      assertEquals(200, statusFor(closed, "app.localhost:" + port));
      for (String host :
          List.of(
              "evil.example:" + port,
              "localhost.evil.example",
              "192.168.0.7",
              "127.0.0.1.nip.io")) {
        assertEquals(403, statusFor(closed, host), host);
      }
      assertEquals(403, statusFor(behindProxy, "evil.example"));
      assertEquals(200, statusFor(behindProxy, "chat.example"));
      assertEquals(200, statusFor(behindProxy, "thermocline:8080"));
      assertEquals(200, statusFor(withKey, "evil.example"));
    }
  }

  private static int statusFor(ThermoclineServer server, String host) throws Exception {
    String answer =
        answer(
            server,
            "GET /v1/models HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
                + TestServer.KEY
                + "\r\nHost: "
                + host
                + "\r\n\r\n");
    assertTrue(answer.contains("Content-Type: application/json"), answer);
    assertTrue(!answer.contains(" 403 ") || answer.contains("host_not_allowed"), answer);
    return Integer.parseInt(answer.substring(9, 12));
  }

  @Test
  void refusesBodiesThatAreTooLongOrTooSlow() throws Exception {
    HttpSettings http =
        HttpSettings.defaults()
            .withBodyBytes(1000)
            .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofMillis(300));
    try (ThermoclineServer server = new TestServer().http(http).start();
        Client client = new Client(server)) {
      assertEquals(413, client.post(CHAT, "{'prompt':'" + "x".repeat(2000) + "'}").status());
      String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n";
      String chunk = "7d0\r\n" + "x".repeat(2000) + "\r\n0\r\n\r\n";
      assertTrue(
          answer(server, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk).contains(" 413 "));
      // A chunk's size that never ends.
      assertTrue(
          answer(server, head + "Transfer-Encoding: chunked\r\n\r\n" + "0".repeat(80_000))
              .contains(" 413 "));
      assertTrue(answer(server, head + "Content-Length: 100\r\n\r\n{").contains(" 408 "));
      // Headers that never end: no request, no answer.
      assertEquals("", answer(server, "POST /v1/completions HTTP/1.1\r\nHost: localhost"));
      assertEquals(200, client.post(CHAT, BODY).status());
    }
  }

  private static String answer(ThermoclineServer server, String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void saysThatItIsLoading() throws Exception {
    try (ThermoclineServer server = new TestServer().startOnly("hearth", DefaultModel.path());
        Client client = new Client(server)) {
      int status = client.get("/health").status();
      assertTrue(status == 503 || server.ready().isDone(), "got " + status);
      server.ready().join();
      assertEquals(200, client.get("/health").status());
    }
  }
}
