package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.server.http.HttpSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The chat page in headless Chromium, against the embedded model. */
class ChatPageTest {
  // The browser's processes may still write to its profile when the driver says that it is closed.
  @TempDir(cleanup = CleanupMode.NEVER)
  static Path folder;

  private static ThermoclineServer server;
  private static Browser browser;
  private static ChatPage page;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Browser.available(),
        "the chat page is not tested: install chromium and chromedriver (Debian: chromium-driver)");
    server = new TestServer().start();
    browser = Browser.start(folder);
    page = new ChatPage(browser, server);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    page.openFresh();
  }

  /** Refusals by the policy stand in the console too; what a test asks for it takes out itself. */
  @AfterEach
  void consoleIsEmpty() throws Exception {
    assertEquals(List.of(), browser.console());
  }

  private static void plain(int tokens) throws Exception {
    page.set(Map.of("temperature", "0", "max_tokens", Integer.toString(tokens)));
  }

  @Test
  void showsWhatTheServerAnswers() throws Exception {
    plain(24);
    String answer = page.send("Once upon a time");
    try (Client client = new Client(server)) {
      String expected =
          client.chatText(
              "{'messages':[{'role':'user','content':'Once upon a time'}],'temperature':0,"
                  + "'max_tokens':24,'stream':true}");
      assertEquals(words(expected), words(answer));
    }
    String stats = browser.text(".assistant .stats");
    assertTrue(stats.startsWith("24 tokens · "), stats);
    assertTrue(stats.contains("tok/s") && stats.contains("limit of tokens"), stats);
    assertTrue(browser.text("#context-text").endsWith(" of 512 tokens of context"));
  }

  private static String words(String text) {
    return String.join(" ", text.strip().split("\\s+"));
  }

  @Test
  void stops() throws Exception {
    browser.run(
        """
        const stop = document.getElementById("stop");
        new MutationObserver(() => {
          if (!stop.hidden && document.querySelector(".assistant .block")) stop.click();
        }).observe(document.getElementById("messages"), {childList: true, subtree: true});
        """);
    String answer = page.send("Once upon a time");
    assertFalse(answer.isEmpty());
    assertTrue(browser.text(".assistant .stats").endsWith("stopped"));
    try (Client client = new Client(server)) {
      while (!client.text("/metrics").contains("state=\"running\"} 0")) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void branchesAndComesBack() throws Exception {
    plain(8);
    String first = page.send("Once upon a time");
    browser.click(".user button[title^=Edit]");
    browser.clear(".editor textarea");
    browser.type(".editor textarea", "The old king said");
    browser.click(".editor .accent");
    page.until("document.querySelector('.user > .text').textContent === 'The old king said'");
    String second = page.answered();
    assertNotEquals(first, second);
    assertEquals("2/2", browser.text(".user .branches"));
    browser.click(".user .branches button[title^=Earlier]");
    assertEquals("Once upon a time", browser.text(".user > .text"));
    assertEquals(first, page.lastAnswer());

    browser.click(".assistant button[title^=Another]");
    page.until("document.querySelector('.assistant .branches')?.textContent === '2/2'");
    assertEquals(first, page.answered(), "temperature 0");
    browser.click(".user .branches button[title^=Later]");
    assertEquals(second, page.lastAnswer());
  }

  @Test
  void reloadKeepsConversationsAndSettings() throws Exception {
    plain(8);
    String first = page.send("Once upon a time");
    String second = page.send("The next day");
    page.reload();
    assertEquals(2, page.count(".message.user"));
    assertEquals(second, page.lastAnswer());
    assertEquals(
        "0", browser.run("return document.getElementById('set-temperature').value").asString());
    browser.click("#new-chat");
    assertEquals(0, page.count(".message"));
    browser.click("#conversations a");
    page.until("document.querySelectorAll('.message').length === 4");
    assertEquals(first, browser.text(".assistant > .text"));
  }

  @Test
  void findsRenamesAndDeletes() throws Exception {
    plain(2);
    page.send("Once upon a time");
    browser.click("#new-chat");
    page.send("A fox and a crow");
    assertEquals(2, page.count("#conversations a"));
    browser.type("#search", "crow");
    assertEquals("A fox and a crow", browser.text("#conversations"));
    browser.click("#conversations button[aria-label^=Rename]");
    browser.clear("#ask-text");
    browser.type("#ask-text", "Fable" + ChatPage.ENTER);
    page.until("document.querySelector('#conversations a').textContent === 'Fable'");
    browser.click("#conversations button[aria-label^=Delete]");
    browser.click("#ask-yes");
    page.until("document.querySelector('#conversations').textContent === 'Nothing found'");
    assertEquals(0, page.count(".message"));
    page.reload();
    assertEquals("Once upon a time", browser.text("#conversations"));
  }

  @Test
  void exportsAndImports() throws Exception {
    plain(4);
    String answer = page.send("Once upon a time");
    browser.click("#export-all");
    Path file = folder.resolve("downloads/thermocline-conversations.json");
    while (!Files.exists(file)) {
      Thread.sleep(20);
    }
    page.openFresh();
    browser.type("#import-file", file.toString());
    page.until("document.querySelectorAll('.message').length === 2");
    assertEquals(answer, page.lastAnswer());
    Path wrong =
        Files.writeString(
            folder.resolve("wrong.json"),
            "{\"conversations\":[{\"nodes\":{\"a\":{\"role\":\"x\"}}}]}");
    browser.type("#import-file", wrong.toString());
    page.until("document.getElementById('ask').open");
    assertTrue(browser.text("#ask-title").contains("unknown role \"x\""));
    browser.click("#ask-yes");
    assertEquals(1, page.count("#conversations a"));
  }

  @Test
  void showsMarkdownAndNothingHostile() throws Exception {
    page.script(
        "{\"reasoning_content\":\"Let me *think*.\"}",
        "{\"content\":\"# Title\\n\\nSome **bold** text\\n\\n```java\\nint a = 1 < 2;\"}",
        "{\"content\":\"\\n```\\n\\n| a | b |\\n|---|--:|\\n| 1 | 2"
            + " |\\n\\n![x](https://a.invalid/i.png)\\n\"}",
        "{\"content\":\"\\n<script>window.bad=1</script><img src=x onerror='window.bad=1'><b"
            + " style='color:red' onclick='1'>b</b>\\n\\n[l](javascript:bad) <a"
            + " href='/x'>y</a>\\n\"}");
    page.send("hello <b>you</b>");
    assertEquals("hello <b>you</b>", browser.text(".user > .text"));
    assertEquals("Title", browser.text(".assistant .text h1"));
    assertEquals("int a = 1 < 2;", browser.text(".code code"));
    assertEquals("java", browser.text(".code figcaption span"));
    assertEquals(2, page.count(".assistant td"));
    assertEquals(
        0, page.count(".assistant :is(img, script, [style], [onclick], [href^=javascript])"));
    assertEquals(2, page.count(".assistant .text a"));
    assertTrue(page.lastAnswer().contains("<script>window.bad=1</script><img src=x"));
    assertTrue(browser.run("return window.bad === undefined").asBoolean());
    assertEquals("Thoughts", browser.text(".assistant .thinking summary"));
    assertFalse(
        browser.run("return document.querySelector('.assistant .thinking').open").asBoolean());
    browser.click(".assistant .thinking summary");
    assertEquals("think", browser.text(".assistant .thinking em"));
    browser.click(".code button");
    page.until("document.getElementById('status').textContent === 'Copied'");
  }

  @Test
  void attachesTextFiles() throws Exception {
    plain(4);
    Path note = Files.writeString(folder.resolve("note.txt"), "a wolf");
    Path binary = Files.write(folder.resolve("image.bin"), new byte[] {1, 0, (byte) 0xff});
    browser.type("#attach-file", note.toString());
    page.until("document.querySelector('.chip')");
    browser.type("#attach-file", binary.toString());
    page.until("document.getElementById('ask').open");
    assertTrue(browser.text("#ask-title").contains("not a text in UTF-8"));
    browser.click("#ask-yes");
    page.send("Once upon a time");
    assertEquals("note.txt (6 characters)", browser.text(".user .file summary"));
    assertEquals(0, page.count(".chip"));
  }

  @Test
  void showsErrorsAsTheServerSentThem() throws Exception {
    String message = "word ".repeat(600);
    browser.run("document.getElementById('input').value = arguments[0]", message);
    page.send("");
    try (Client client = new Client(server)) {
      Client.Reply reply =
          client.post(
              "/v1/chat/completions", "{'messages':[{'role':'user','content':'" + message + "'}]}");
      assertEquals(400, reply.status());
      assertEquals(reply.error("message"), browser.text(".error p"));
    }
    assertEquals("HTTP 400 · context_length_exceeded", browser.text(".error small"));
    assertTrue(browser.console().stream().allMatch(line -> line.contains("status of 400")));
  }

  @Test
  void panelShowsTheEngine() throws Exception {
    browser.click("#panel-open");
    browser.type("#input", "Once upon a time" + ChatPage.ENTER);
    page.until("parseFloat(document.getElementById('rate').textContent) > 0");
    page.until("document.getElementById('active').textContent.endsWith(' %')");
    page.until("document.getElementById('layer').textContent.includes('active, ')");
    page.until("document.getElementById('batch').textContent === '1'");
    page.until("document.getElementById('times-text').textContent.endsWith('CPU in all layers.')");
    page.until("document.getElementById('layer').textContent.endsWith('CPU a token.')");
    // Exact: nothing is guessed.
    assertTrue(browser.run("return document.getElementById('recall-tile').hidden").asBoolean());
    assertTrue(colors("times") > 1, "bars");
    assertTrue(browser.text("#layer").startsWith("Layer 0: "), browser.text("#layer"));
    assertTrue(browser.text("#ram-text").contains(" GB of "), browser.text("#ram-text"));
    browser.type("#map", "\uE015");
    assertTrue(browser.text("#layer").startsWith("Layer 1: "), browser.text("#layer"));
    assertTrue(colors("map") > 20, "the groups differ");
    page.answered();
    browser.click("#panel-close");
    assertFalse(browser.run("return document.body.classList.contains('with-panel')").asBoolean());
  }

  /** Different colours of a canvas. */
  private static int colors(String canvas) throws Exception {
    return browser
        .run(
            """
            const canvas = document.getElementById(arguments[0]);
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            const colors = new Set();
            for (let i = 0; i < data.length; i += 4) colors.add(data.slice(i, i + 4).join());
            return colors.size;
            """,
            canvas)
        .asInt();
  }

  @Test
  void panelShowsWhatPredictorsFind() throws Exception {
    Path model = PredictedModel.write(Files.createTempDirectory(folder, "predicted"));
    try (ThermoclineServer guessing = new TestServer().start("predicted", model)) {
      ChatPage own = new ChatPage(browser, guessing);
      own.openFresh();
      own.set(Map.of("max_tokens", "100"));
      browser.click("#panel-open");
      own.send("Once upon a time");
      own.until("!document.getElementById('recall-tile').hidden");
      assertEquals("of the active, naming 50 %", browser.text("#predicted"));
      assertTrue(browser.text("#recall").matches("\\d+(\\.\\d)? %"), browser.text("#recall"));
      own.until("document.getElementById('layer').textContent.includes('naming 50 %')");
      assertTrue(browser.text("#layer").contains("its predictor finds "), browser.text("#layer"));
    }
  }

  @Test
  void panelShowsTheTimesOfADevice() throws Exception {
    browser.run(
        """
        const real = window.fetch;
        window.fetch = async (url, ...rest) => {
          if (!String(url).endsWith("/events")) return real(url, ...rest);
          const times = [0.4, 1.2, 0.05, 0].map((gpu_ms, i) => ({cpu_ms: 0.25 * (i + 1), gpu_ms, wait_ms: 0.02}));
          const { epoch } = await (await real("api/engine/placement")).json();
          const event = {epoch, tokens_per_second: 10, time_to_first_token_ms: 3, running: 1, waiting: 0,
            batch_size: 2.5, recall: 0.931, predicted_share: 0.18, true_share: 0.1, layers: [], times};
          return new Response(`data: ${JSON.stringify(event)}\n\n`);
        };
        """);
    browser.click("#panel-open");
    page.until("document.getElementById('batch').textContent === '2.5'");
    assertEquals("93 %", browser.text("#recall"));
    assertEquals(
        "A token takes 2.50 ms CPU, 1.65 ms GPU, 0.080 ms waiting in all layers.",
        browser.text("#times-text"));
    assertEquals(2, page.count(".gpu-time:not([hidden])"));
    assertTrue(
        browser.text("#layer").endsWith("0.25 ms CPU, 0.40 ms GPU, 0.020 ms waiting a token."));
    assertTrue(colors("times") > 3, "bars of three colours");
  }

  @Test
  void worksByKeyboard() throws Exception {
    plain(2);
    page.send("Once upon a time");
    browser.type("body", "\uE009\uE008o");
    page.until("document.querySelectorAll('.message').length === 0");
    browser.type("#input", ChatPage.ESCAPE);
    browser.type("body", "\uE009k");
    page.until("document.activeElement.id === 'search'");
    browser.type("body", "\uE009,");
    page.until("document.getElementById('settings').open");
    browser.type("#system", ChatPage.ESCAPE);
    page.until("!document.getElementById('settings').open");
  }

  @Test
  void fitsAPhone() throws Exception {
    plain(8);
    page.send("Once upon a time");
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 640, "deviceScaleFactor", 2, "mobile", true));
    try {
      page.until(
          "innerWidth === 360 && getComputedStyle(document.getElementById('sidebar')).visibility"
              + " === 'hidden'");
      assertEquals(360, browser.run("return document.documentElement.scrollWidth").asInt());
      browser.click("#sidebar-open");
      page.until("document.getElementById('sidebar').getBoundingClientRect().left === 0");
      browser.click("#conversations a");
      page.until("document.getElementById('veil').hidden");
      browser.click("#panel-open");
      page.until("document.getElementById('rate').textContent !== '–'");
      browser.click("#panel-close");
      assertTrue(page.send("Then").length() > 0);
    } finally {
      browser.devtools("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  @Test
  void asksForTheKey() throws Exception {
    TestServer locked = new TestServer();
    locked.http(HttpSettings.defaults().withApiKeys(Set.of(TestServer.KEY)));
    try (ThermoclineServer closed = locked.start()) {
      ChatPage own = new ChatPage(browser, closed);
      own.openFresh();
      own.until("!document.getElementById('banner').hidden");
      try (Client client = new Client(closed)) {
        assertEquals(client.get("/v1/models").error("message"), browser.text("#banner"));
      }
      browser.click("#settings-open");
      browser.type("#api-key", TestServer.KEY + "\uE004");
      own.until(
          "document.getElementById('banner').hidden && document.getElementById('model').value ==="
              + " 'hearth'");
      browser.click("#settings .end .accent");
      own.set(Map.of("max_tokens", "4"));
      assertFalse(own.send("Once upon a time").isEmpty());
    }
    assertTrue(browser.console().stream().allMatch(line -> line.contains("status of 401")));
  }
}
