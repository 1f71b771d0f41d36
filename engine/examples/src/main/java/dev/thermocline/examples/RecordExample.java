package dev.thermocline.examples;

import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.api.Property;
import java.util.List;

/** Gets a Java record for an answer; no model can say anything else. */
public final class RecordExample {
  private RecordExample() {}

  /** What sort of story it is. */
  public enum Mood {
    MERRY,
    SAD
  }

  /** What is wanted. */
  public record Story(
      @Property(value = "its title", maxLength = 30) String title,
      Mood mood,
      @Property(minimum = 1, maximum = 20) int pages,
      @Property(maxItems = 2) List<Hero> heroes) {}

  /** Somebody in a story. */
  public record Hero(@Property(maxLength = 12) String name, boolean brave) {}

  public static void main(String[] args) throws Exception {
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      Story story = model.extract("Plan a story.", Story.class, AnswerOptions.defaults());
      System.out.println(story);
      if (story.mood() == Mood.SAD) {
        System.out.println("A sad one of " + story.pages() + " pages.");
      }
    }
  }
}
