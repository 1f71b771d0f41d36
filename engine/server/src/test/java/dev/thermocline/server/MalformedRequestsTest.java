package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.server.http.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that are wrong in every way that comes to mind leave the server up, its memory flat, and
 * get an answer in JSON, or none where they are no requests.
 */
@Timeout(600)
class MalformedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("thermocline.malformed", 2000);
  private static final String[] PATHS = {
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/tokenize",
    "/detokenize",
    "/apply-template"
  };

  @Test
  void survivesThemAll() throws Exception {
    HttpSettings http =
        HttpSettings.defaults()
            .withBodyBytes(1 << 20)
            .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMillis(500));
    long seed = Long.getLong("thermocline.seed", 5);
    try (ThermoclineServer server = new TestServer().http(http).start();
        Client client = new Client(server)) {
      MalformedBodies bodies = new MalformedBodies(seed);
      SplittableRandom random = new SplittableRandom(seed);
      long before = 0;
      for (int i = 0; i < REQUESTS; i++) {
        String path = PATHS[random.nextInt(PATHS.length)];
        byte[] body = bodies.next();
        boolean cut = random.nextInt(50) == 0;
        check(i + " of seed " + seed, body, answer(server, path, body, cut), cut);
        if (i == REQUESTS / 4) {
          before = used();
        }
      }
      assertEquals(200, client.get("/health").status());
      assertEquals(
          200, client.post("/v1/completions", "{'prompt':'Once','max_tokens':2}").status());
      long after = used();
      assertTrue(after < before + (48L << 20), "bytes used: " + before + ", then " + after);
    }
  }

  private static void check(String which, byte[] body, String answer, boolean cut) {
    String shown =
        which
            + ": "
            + new String(body, 0, Math.min(300, body.length), StandardCharsets.UTF_8)
            + "\n"
            + answer;
    if (cut) {
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), shown);
      return;
    }
    assertTrue(answer.startsWith("HTTP/1.1 "), shown);
    String status = answer.substring(9, 12);
    boolean refused = status.startsWith("4") && answer.contains("{\"error\":{\"message\":");
    assertTrue(refused || status.equals("200"), shown);
  }

  /** Memory in use after a collection; of several tries the least. */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Sends a body, or the half of one, and reads the whole answer. */
  private static String answer(ThermoclineServer server, String path, byte[] body, boolean cut)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(body, 0, cut ? body.length / 2 : body.length);
      out.flush();
      if (cut) {
        socket.shutdownOutput();
      }
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
