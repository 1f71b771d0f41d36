package dev.thermocline.cli.chat;

import dev.thermocline.engine.Generation;
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
  void add(Generation generation) {
    answers++;
    promptTokens += generation.promptTokens();
    tokens += generation.count();
    firstNanos += generation.firstTokenNanos();
    restNanos += generation.elapsedNanos() - generation.firstTokenNanos();
  }

  void print(ChatSession session, PrintWriter out) {
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
    out.printf(
        Locale.ROOT, "context: %d of %d tokens%n", session.tokens(), session.engine().context());
    out.println(session.engine().runner().summary());
  }
}
