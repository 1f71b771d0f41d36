package dev.thermocline.engine;

import dev.thermocline.engine.run.RunnerSource;
import dev.thermocline.engine.schedule.Scheduler;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What is computed beside the sequences, as embeddings and scores are: one piece of work at a time,
 * a step between two of theirs, on pages that it has to itself. Work that finds no pages waits, and
 * meanwhile no further sequence begins. Used by the decode thread.
 */
final class SideWork {
  /**
   * Most tokens of a step while sequences run, which wait for it: enough to share the weights that
   * are read, few enough to be hardly noticed.
   */
  private static final int BESIDE = 64;

  private record Piece(int pages, DecodeLoop.PageWork work) {}

  private final RunnerSource source;
  private final Scheduler scheduler;
  private final Queue<Piece> waiting = new ArrayDeque<>();
  private int @Nullable [] pages;

  SideWork(RunnerSource source, Scheduler scheduler) {
    this.source = source;
    this.scheduler = scheduler;
  }

  void add(int count, DecodeLoop.PageWork work) {
    waiting.add(new Piece(count, work));
  }

  /** Whether there is work that has no pages to begin with. */
  boolean isStarved() {
    return !waiting.isEmpty() && pages == null;
  }

  boolean holdsPages() {
    return pages != null;
  }

  /** Does a step of the first piece, if there is one and it can be done. */
  boolean step() {
    Piece first = waiting.peek();
    if (first == null) {
      return false;
    }
    int[] lent = pages == null ? scheduler.lend(first.pages()) : pages;
    pages = lent;
    if (lent == null) {
      return false;
    }
    int most = scheduler.isEmpty() ? Integer.MAX_VALUE : BESIDE;
    if (first.work().step(source, lent, most)) {
      waiting.remove();
      scheduler.giveBack(lent);
      pages = null;
    }
    return true;
  }

  /** Ends all work, which the source refuses to do from here on. */
  void finish() {
    while (!waiting.isEmpty()) {
      waiting.remove().work().step(source, new int[0], 1);
    }
  }
}
