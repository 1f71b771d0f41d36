package dev.thermocline.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.engine.tools.OutputPart;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class AnswerPrinterTest {

  private static String printed(boolean colours, OutputPart... parts) {
    StringWriter screen = new StringWriter();
    AnswerPrinter printer = new AnswerPrinter(new PrintWriter(screen), colours);
    for (OutputPart part : parts) {
      printer.print(part);
    }
    printer.end();
    return screen.toString().replace("\u001b", "^").replace(System.lineSeparator(), "$");
  }

  @Test
  void thoughtsAreSetApart() {
    OutputPart[] both = {
      new OutputPart.Reasoning("Well"),
      new OutputPart.Reasoning(", yes"),
      new OutputPart.Content("Yes"),
      new OutputPart.Content(".")
    };
    assertEquals("(thinks) Well, yes\n\nYes.$", printed(false, both).replace("$$", "\n\n"));
    assertEquals("^[2mWell, yes^[0m\n\nYes.^[0m$", printed(true, both).replace("$$", "\n\n"));
  }

  @Test
  void thoughtsAloneEndTheirStyle() {
    assertEquals("^[2mHm^[0m^[0m$", printed(true, new OutputPart.Reasoning("Hm")));
    assertEquals("Yes$", printed(false, new OutputPart.Content("Yes")));
  }
}
