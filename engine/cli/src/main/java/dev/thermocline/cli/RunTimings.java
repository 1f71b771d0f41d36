package dev.thermocline.cli;

import dev.thermocline.engine.Generation;
import dev.thermocline.engine.InferenceEngine;
import java.io.PrintStream;
import java.util.Locale;

/** What a run took, on standard error. */
final class RunTimings {
  private final PrintStream err;

  RunTimings(PrintStream err) {
    this.err = err;
  }

  void report(InferenceEngine engine, Generation generation, long startedNanos) {
    long now = System.nanoTime();
    double total = (now - startedNanos) / 1e9;
    double first = generation.firstTokenNanos() / 1e9;
    double start = total - generation.elapsedNanos() / 1e9;
    double rest = generation.elapsedNanos() / 1e9 - first;
    int more = Math.max(0, generation.count() - 1);
    err.printf(
        Locale.ROOT,
        "%n[%d prompt tokens%s, %d generated; first token after %.2f s (%.2f s of it loading); then"
            + " %.1f tokens/s]%n",
        generation.promptTokens(),
        generation.cachedTokens() == 0 ? "" : " (" + generation.cachedTokens() + " known)",
        generation.count(),
        start + first,
        start,
        rest > 0 ? more / rest : 0);
    err.println("[" + engine.runner().summary() + "]");
  }
}
