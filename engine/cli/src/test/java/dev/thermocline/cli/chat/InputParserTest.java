package dev.thermocline.cli.chat;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputParserTest {
  private final InputParser parser = new InputParser();

  @ParameterizedTest
  @ValueSource(strings = {"and \\", "\"\"\"", "\"\"\"first\nsecond", "\"\"\"a \"\"\" b"})
  void openMessagesGoOn(String line) {
    assertThrows(EOFError.class, () -> parser.parse(line, line.length(), ParseContext.ACCEPT_LINE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "don't", "a \"quote", "\"\"\"one\ntwo\"\"\"", "a \"\"\" b"})
  void completeMessagesAreAccepted(String line) {
    assertDoesNotThrow(() -> parser.parse(line, line.length(), ParseContext.ACCEPT_LINE));
  }

  @Test
  void marksOfSeveralLinesAreTakenOff() {
    assertEquals("one\ntwo", InputParser.message("one\\\ntwo"));
    assertEquals("one\ntwo", InputParser.message("\"\"\"one\ntwo\"\"\" "));
    assertEquals("a \"\"\" b", InputParser.message("a \"\"\" b"));
  }

  @Test
  void theWordBeforeTheCursorIsCompleted() {
    assertEquals("te", parser.parse("/set te", 7, ParseContext.COMPLETE).word());
    assertEquals(1, parser.parse("/set te", 7, ParseContext.COMPLETE).wordIndex());
    assertEquals("/se", parser.parse("/set te", 3, ParseContext.COMPLETE).word());
  }
}
