package dev.thermocline.examples;

import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;

/** Goes on with a text. */
public final class TextExample {
  private TextExample() {}

  public static void main(String[] args) throws Exception {
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      String beginning = "Once upon a time";
      Answer story = model.complete(beginning, AnswerOptions.greedy().withMaxTokens(40)).answer();
      System.out.println(beginning + story.text());
      System.out.println(story.tokens() + " tokens in " + story.elapsed().toMillis() + " ms");
    }
  }
}
