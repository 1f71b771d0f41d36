package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.engine.tools.ToolChoice;
import dev.thermocline.models.template.ChatMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Conversations with the embedded model, which is made to call tools. */
class ChatSessionTest {
  private static final AnswerOptions SHORT = AnswerOptions.greedy().withMaxTokens(120);
  private static final AnswerOptions CALLING =
      SHORT.withTools(List.of(), new ToolChoice.Required());

  private static LocalModel model;

  record Place(
      @Property(maxLength = 4) String city, @Property(minimum = 1, maximum = 9) int days) {}

  record Pair(boolean yes, @Property(minimum = 0, maximum = 9) int digit) {}

  @BeforeAll
  static void open() throws IOException {
    model =
        LocalModel.open(
            "default", EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(2));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<String> roles(ChatSession session) {
    return session.messages().stream().map(ChatMessage::role).toList();
  }

  @Test
  void remembersWhatWasSaidAndComputesOnlyWhatIsNew() {
    ChatSession session =
        model.session().system("You tell stories. ".repeat(20)).options(SHORT).start();
    Answer first = session.ask("Once upon a time");
    Answer second = session.ask("And then");
    assertEquals(List.of("system", "user", "assistant", "user", "assistant"), roles(session));
    assertEquals(first.text(), session.messages().get(2).content());
    assertEquals(second.text(), session.messages().get(4).content());
    assertTrue(second.promptTokens() > first.promptTokens());
    assertTrue(second.cachedTokens() * 2 > first.promptTokens(), second.toString());
    assertTrue(session.tokens() > second.promptTokens());
    session.clear();
    assertEquals(List.of("system"), roles(session));
    ChatSession other = model.session().messages(List.of(ChatMessage.user("Hi"))).start();
    assertEquals(List.of("user"), roles(other));
  }

  @Test
  void forgetsTheOldestQuestionsWhereTheContextMoves() throws IOException {
    EngineOptions moving =
        EngineOptions.defaults()
            .withDevice(DeviceMode.CPU)
            .withThreads(1)
            .withContext(64)
            .withCache(CacheOptions.DEFAULT.withShift(4));
    try (LocalModel small = LocalModel.open("default", moving)) {
      ChatSession session =
          small.session().system("Be kind.").options(SHORT.withMaxTokens(12)).start();
      for (int i = 0; i < 6; i++) {
        session.ask("Tell me of a king, number " + i);
      }
      List<ChatMessage> said = session.messages();
      assertEquals(List.of("system", "user", "assistant"), roles(session).subList(0, 3));
      assertTrue(said.size() < 13, said.toString());
      assertEquals("Tell me of a king, number 5", said.get(said.size() - 2).content());
      assertThrows(PromptTooLongException.class, () -> session.ask("a king ".repeat(64)));
    }
    ChatSession fixed = model.session().options(SHORT).start();
    fixed.ask("Once");
    assertThrows(PromptTooLongException.class, () -> fixed.ask("a ".repeat(model.context())));
    assertEquals(List.of("user", "assistant"), roles(fixed));
  }

  @Test
  void callsToolsAndAnswers() {
    List<Place> asked = new ArrayList<>();
    JavaTool weather =
        JavaTool.of(
            "weather",
            "tells it",
            Place.class,
            place -> {
              asked.add(place);
              return "rain";
            });
    ChatSession session = model.session().options(CALLING).tools(weather).start();
    List<OutputPart> parts = new ArrayList<>();
    AnswerStream stream = session.stream("The weather?");
    stream.forEachRemaining(parts::add);
    assertTrue(!asked.isEmpty());
    assertTrue(asked.stream().allMatch(p -> p.days() >= 1 && p.city().length() <= 4));
    assertTrue(parts.stream().anyMatch(OutputPart.CallStart.class::isInstance));
    List<ChatMessage> said = session.messages();
    assertEquals("tool", said.get(2).role());
    assertEquals("rain", said.get(2).content());
    assertEquals("weather", said.get(1).toolCalls().getFirst().function());
    assertEquals(said.get(1).toolCalls().getFirst().id(), said.get(2).toolCallId());
    assertEquals("assistant", said.getLast().role());
    assertEquals(stream.answer().text(), said.getLast().content());
    assertTrue(stream.answer().toolRequests().isEmpty());
  }

  @Test
  void tellsTheModelWhatAToolSaysAndTheCallerWhatItThrows() {
    JavaTool unsure =
        JavaTool.of(
            "where",
            "",
            Place.class,
            place -> {
              throw new ToolException("no such city");
            });
    ChatSession session = model.session().options(CALLING).tools(unsure).maxRounds(1).start();
    session.ask("Where?");
    assertEquals("error: no such city", session.messages().get(2).content());
    ArithmeticException bug = new ArithmeticException("a bug");
    JavaTool broken =
        JavaTool.of(
            "where",
            "",
            Place.class,
            place -> {
              throw bug;
            });
    ChatSession failing = model.session().options(CALLING).tools(broken).start();
    assertSame(bug, assertThrows(ArithmeticException.class, () -> failing.ask("Where?")));
    assertEquals(List.of(), failing.messages());
    assertThrows(IllegalArgumentException.class, () -> model.session().tools(unsure).tools(broken));
  }

  @Test
  void noRoundsMeansNoCalls() {
    JavaTool never =
        JavaTool.of(
            "never",
            "",
            Place.class,
            place -> {
              throw new ArithmeticException("called");
            });
    ChatSession session = model.session().options(CALLING).tools(never).maxRounds(0).start();
    assertTrue(session.ask("Where?").toolRequests().isEmpty());
  }

  @Test
  void asksForRecords() {
    ChatSession session = model.session().options(AnswerOptions.defaults()).start();
    Pair pair = session.ask("A pair.", Pair.class);
    assertTrue(pair.digit() >= 0 && pair.digit() <= 9);
    assertEquals(List.of("user", "assistant"), roles(session));
  }

  @Test
  void whatIsGivenUpIsNotRemembered() {
    ChatSession session = model.session().options(SHORT).start();
    try (AnswerStream abandoned = session.stream("One")) {
      assertTrue(abandoned.hasNext());
    }
    AnswerStream late = session.stream("Two");
    Answer kept = session.ask("Three");
    late.answer();
    assertEquals(2, session.messages().size());
    assertEquals("Three", session.messages().getFirst().content());
    assertEquals(kept.text(), session.messages().getLast().content());
  }

  @Test
  void keepsWhatACancelledAnswerSaid() {
    ChatSession session = model.session().options(AnswerOptions.greedy()).start();
    AnswerStream stream = session.stream("Once upon a time");
    assertTrue(stream.hasNext());
    stream.cancel();
    assertEquals(stream.answer().text(), session.messages().getLast().content());
  }
}
