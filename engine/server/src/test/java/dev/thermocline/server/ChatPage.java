package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.Map;

/** The chat page in a browser, by what a user does and sees. */
final class ChatPage {
  static final String ENTER = "\uE007";
  static final String ESCAPE = "\uE00C";

  // Only so that a page that hangs fails; no test depends on how long something takes.
  private static final int PATIENCE_MILLIS = 120_000;

  private final Browser browser;
  private final String address;

  ChatPage(Browser browser, ThermoclineServer server) {
    this.browser = browser;
    this.address = "http://127.0.0.1:" + server.port() + "/";
  }

  /** Opens the page as at a user's first visit. */
  void openFresh() throws IOException, InterruptedException {
    browser.open("about:blank");
    browser.devtools(
        "Storage.clearDataForOrigin", Map.of("origin", address, "storageTypes", "all"));
    browser.open(address);
    until("document.body.classList.contains('ready')");
  }

  void reload() throws IOException, InterruptedException {
    browser.reload();
    until("document.body.classList.contains('ready')");
  }

  /** Waits until a JavaScript expression holds. */
  void until(String expression) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!browser.run("return Boolean(" + expression + ")").asBoolean()) {
      if ((System.nanoTime() - begin) / 1_000_000 > PATIENCE_MILLIS) {
        fail("never so: " + expression + "; the page says: " + browser.text("#app"));
      }
      Thread.sleep(20);
    }
  }

  /** Sets fields of the settings by their names in the API. */
  void set(Map<String, String> values) throws IOException, InterruptedException {
    browser.click("#settings-open");
    for (Map.Entry<String, String> entry : values.entrySet()) {
      browser.clear("#set-" + entry.getKey());
      browser.type("#set-" + entry.getKey(), entry.getValue());
    }
    browser.click("#settings .end .accent");
  }

  /** Sends a message and waits until the answer has ended. */
  String send(String text) throws IOException, InterruptedException {
    int before = count(".message.assistant");
    browser.type("#input", text + ENTER);
    until("document.querySelectorAll('.message.assistant').length > " + before);
    return answered();
  }

  /** Waits until no answer is under way and gives the last one. */
  String answered() throws IOException, InterruptedException {
    until("document.getElementById('stop').hidden && !document.querySelector('.busy')");
    return lastAnswer();
  }

  String lastAnswer() throws IOException, InterruptedException {
    return browser
        .run("return [...document.querySelectorAll('.assistant > .text')].at(-1).textContent")
        .asString();
  }

  int count(String selector) throws IOException, InterruptedException {
    return browser.run("return document.querySelectorAll(arguments[0]).length", selector).asInt();
  }

  /** Answers the next chat request with these deltas of a stream, JSON each. */
  void script(String... deltas) throws IOException, InterruptedException {
    browser.run(
        """
        const real = window.fetch;
        window.fetch = (url, ...rest) => {
          if (!String(url).endsWith("/v1/chat/completions")) return real(url, ...rest);
          window.fetch = real;
          const chunks = [...arguments].map((d) => `{"choices":[{"index":0,"delta":${d}}]}`);
          const lines = [...chunks, "[DONE]"].map((data) => `data: ${data}\\n\\n`);
          return Promise.resolve(new Response(lines.join("")));
        };
        """,
        (Object[]) deltas);
  }
}
