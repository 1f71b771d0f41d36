package dev.thermocline.examples;

import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.ChatSession;
import dev.thermocline.engine.api.JavaTool;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.api.Property;
import dev.thermocline.engine.api.ToolException;
import dev.thermocline.engine.tools.ToolChoice;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/** Lets the model call a Java method. */
public final class ToolExample {
  private ToolExample() {}

  /** Arguments of the tool. */
  public record Day(
      @Property(minimum = 1900, maximum = 2100) int year,
      @Property(minimum = 1, maximum = 12) int month,
      @Property(minimum = 1, maximum = 31) int day) {}

  private static String weekday(Day day) {
    try {
      return LocalDate.of(day.year(), day.month(), day.day()).getDayOfWeek().name();
    } catch (DateTimeException e) {
      // The model is told, and may try again.
      throw new ToolException("there is no such day");
    }
  }

  public static void main(String[] args) throws Exception {
    JavaTool weekday =
        JavaTool.of("weekday", "the weekday of a date", Day.class, ToolExample::weekday);
    // The story model would not think of calling anything; others do without being told to.
    AnswerOptions options =
        AnswerOptions.greedy().withMaxTokens(150).withTools(List.of(), new ToolChoice.Required());
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      ChatSession session = model.session().options(options).tools(weekday).maxRounds(1).start();
      session.ask("Which weekday was it?");
      session
          .messages()
          .forEach(message ->
              System.out.println(
                  message.role() + ": " + message.content() + " " + message.toolCalls()));
    }
  }
}
