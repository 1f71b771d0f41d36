package dev.thermocline.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.LocalModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole conversations with the embedded model, typed into a terminal without a screen. */
class ChatShellTest {
  @TempDir Path folder;

  @Test
  void answersAreStreamedAndBecomePartOfTheConversation() throws Exception {
    Path saved = folder.resolve("story.json");
    String screen =
        converse("Once upon a time", "/save " + saved, "/stats", "/clear", "/load " + saved);
    assertTrue(screen.contains("2 messages written"), screen);
    assertTrue(screen.contains("1 answers"), screen);
    assertTrue(screen.contains("forgotten"), screen);
    assertTrue(screen.contains("2 messages, going on"), screen);
    String json = Files.readString(saved);
    assertTrue(json.contains("\"user\"") && json.contains("\"assistant\""), json);
  }

  @Test
  void aFileIsNotOverwrittenUnasked() throws Exception {
    Path taken = Files.writeString(folder.resolve("taken.json"), "mine");
    String screen = converse("/save " + taken);
    assertTrue(screen.contains("exists: /save -f replaces it"), screen);
    assertEquals("mine", Files.readString(taken));
    assertTrue(converse("/save -f " + taken).contains("0 messages written"));
  }

  @Test
  void mistakesAreAnsweredInOneLineAndTheConversationGoesOn() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"messages\": [1]}");
    String screen =
        converse(
            "/nonsense",
            "/set temp hot",
            "/set nothing 1",
            "/load " + folder.resolve("absent.json"),
            "/load " + broken,
            "/set top-k 5");
    assertTrue(screen.contains("/nonsense: expected one of /help"), screen);
    assertTrue(screen.contains("/set temp: expected a number, got hot"), screen);
    assertTrue(screen.contains("/set nothing: expected one of temp"), screen);
    assertTrue(screen.contains("absent.json: no such file"), screen);
    assertTrue(screen.contains("broken.json: expected messages"), screen);
    assertTrue(screen.contains("top-k 5"), screen);
  }

  @Test
  void aConversationThatNoLongerFitsSaysSo() throws Exception {
    String screen = converse("word ".repeat(600));
    assertTrue(screen.contains("/clear it, or start with a larger --ctx"), screen);
  }

  @Test
  void withAMovingContextTheOldestQuestionsLeave() throws Exception {
    EngineOptions options =
        EngineOptions.defaults()
            .withThreads(1)
            .withDevice(DeviceMode.CPU)
            .withContext(64)
            .withCache(CacheOptions.DEFAULT.withShift(4));
    try (LocalModel model = LocalModel.open("default", options)) {
      ChatState state = new ChatState(model, new Settings(SamplingParams.defaults(1), 80));
      for (int i = 0; i < 5; i++) {
        AnswerStream answer = state.ask("Tell me of a king and his daughter.");
        assertTrue(answer.answer().tokens() > 0);
      }
      assertTrue(state.messages().size() < 10, "messages: " + state.messages().size());
    }
  }

  private String converse(String... lines) throws IOException, InterruptedException {
    byte[] typed = (String.join("\n", lines) + "\n/quit\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    EngineOptions options = EngineOptions.defaults().withThreads(1).withDevice(DeviceMode.CPU);
    // Never at its end: a terminal without input closes before the last lines are read.
    PipedOutputStream keyboard = new PipedOutputStream();
    try (PipedInputStream input = new PipedInputStream(keyboard, 1 << 16);
        LocalModel model = LocalModel.open("default", options);
        Terminal terminal =
            new DumbTerminal("test", "dumb", input, screen, StandardCharsets.UTF_8)) {
      keyboard.write(typed);
      keyboard.flush();
      Settings settings = new Settings(SamplingParams.defaults(1), 5);
      new ChatShell(terminal, new ChatState(model, settings), null).run();
      terminal.flush();
    }
    return screen.toString(StandardCharsets.UTF_8);
  }
}
