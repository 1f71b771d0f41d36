package dev.thermocline.cli.chat;

import dev.thermocline.engine.tools.OutputPart;
import java.io.PrintWriter;

/** Shows an answer as it comes: thoughts faint and before the rest, Markdown in colours. */
final class AnswerPrinter {
  private static final String FAINT = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private final PrintWriter out;
  private final boolean colours;
  private final Markdown markdown;
  private boolean thinking;

  AnswerPrinter(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
    this.markdown = new Markdown(colours);
  }

  void print(OutputPart part) {
    switch (part) {
      case OutputPart.Content content -> {
        endThoughts();
        out.print(markdown.style(content.text()));
      }
      case OutputPart.Reasoning thought -> {
        if (!thinking) {
          out.print(colours ? FAINT : "(thinks) ");
        }
        thinking = true;
        out.print(thought.text());
      }
      // No tools are offered.
      case OutputPart.CallStart call -> {}
      case OutputPart.CallArguments more -> {}
    }
    out.flush();
  }

  private void endThoughts() {
    if (thinking) {
      out.print((colours ? RESET : "") + "\n\n");
      thinking = false;
    }
  }

  void end() {
    out.println((thinking && colours ? RESET : "") + markdown.end());
    out.flush();
  }
}
