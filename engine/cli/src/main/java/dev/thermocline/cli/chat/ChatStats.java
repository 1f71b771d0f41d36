package dev.thermocline.cli.chat;

import dev.thermocline.engine.api.Answer;
import java.io.PrintWriter;
import java.util.Locale;

/** Tokens and times of a conversation's answers. */
final class ChatStats {
  private int answers;
  private long promptTokens;
  private long tokens;
  private long firstNanos;
  private long restNanos;

  /** Adds a finished answer. */
  void add(Answer answer) {
    answers++;
    promptTokens += answer.promptTokens();
    tokens += answer.tokens();
    firstNanos += answer.firstToken().toNanos();
    restNanos += answer.elapsed().minus(answer.firstToken()).toNanos();
  }

  void print(ChatState state, PrintWriter out) {
    long later = Math.max(0, tokens - answers);
    out.printf(
        Locale.ROOT,
        "%d answers, %d tokens read, %d written; first token after %.2f s on average, then %.1f"
            + " tokens/s%n",
        answers,
        promptTokens,
        tokens,
        answers == 0 ? 0 : firstNanos / 1e9 / answers,
        restNanos > 0 ? later * 1e9 / restNanos : 0);
    int context = state.model().context();
    // What the template adds after an answer that filled the context is not in it.
    int used = Math.min(state.tokens(), context);
    out.printf(Locale.ROOT, "context: %d of %d tokens%n", used, context);
    out.println(state.model().activity().placement());
  }
}
