package dev.thermocline.examples;

import dev.thermocline.engine.api.Answer;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.ChatSession;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;

/** Holds a conversation; what was said before is not computed again. */
public final class ChatExample {
  private ChatExample() {}

  public static void main(String[] args) throws Exception {
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      ChatSession session =
          model
              .session()
              .system("You are a storyteller. Be brief.")
              .options(AnswerOptions.defaults().withMaxTokens(40))
              .start();
      for (String question : List.of("Tell me of a king.", "And of his daughter?")) {
        Answer answer = session.ask(question);
        System.out.println("> " + question);
        System.out.println(answer.text().strip());
        System.out.println(
            "[" + answer.cachedTokens() + " of " + answer.promptTokens() + " tokens known]");
      }
      System.out.println(session.messages().size() + " messages");
    }
  }
}
