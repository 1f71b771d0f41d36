package dev.thermocline.engine.schedule;

import dev.thermocline.kernels.TokenBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives growing sequences their pages. Where there are none left, the youngest sequence is parked:
 * it gives up its pages and is computed again later. The oldest is never parked and one sequence
 * always fits, so the oldest comes to its end, then the next one: nobody waits for ever.
 */
final class PageSupply {
  private final PagePool pool;
  private final List<Sequence> running;
  private final CacheCounters counters;

  /** Supplies the sequences of a list that the caller keeps, oldest first. */
  PageSupply(PagePool pool, List<Sequence> running, CacheCounters counters) {
    this.pool = pool;
    this.running = running;
    this.counters = counters;
  }

  /**
   * Whether there is room for a sequence and for a page more of everybody else. A sequence that
   * would not fit alone is never admitted.
   *
   * @throws IllegalArgumentException for such a one
   */
  boolean admits(Sequence sequence) {
    int most = Sequence.pagesFor(sequence.capacity());
    if (most > pool.size()) {
      throw new IllegalArgumentException(
          "sequence: expected at most " + pool.size() + " pages, got " + most);
    }
    return !anybodyParked() && fits(sequence);
  }

  private boolean anybodyParked() {
    for (int i = 0; i < running.size(); i++) {
      if (running.get(i).isParked()) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(Sequence sequence) {
    return Sequence.pagesFor(sequence.length()) + growth(sequence) <= pool.available();
  }

  /** Pages that everybody but one needs who takes one more. */
  private int growth(@Nullable Sequence but) {
    int needed = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence other = running.get(i);
      needed += other != but && !other.isParked() && other.mayGrow() ? 1 : 0;
    }
    return needed;
  }

  /** Whether there are pages for other work beside one more for everybody; nobody waits for any. */
  boolean spares(int count) {
    return !anybodyParked() && count + growth(null) <= pool.available();
  }

  /** Sees to it that everybody who is not parked can compute a token, oldest first. */
  void prepare() {
    boolean mayResume = true;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      if (sequence.isParked()) {
        mayResume &= fits(sequence);
        if (!mayResume) {
          continue;
        }
        sequence.resume();
      }
      sequence.reuse(pool, counters);
      provide(i, sequence);
    }
  }

  private void provide(int index, Sequence sequence) {
    int wanted = sequence.computed() / TokenBatch.PAGE + 1;
    while (!sequence.grow(wanted, pool)) {
      int youngest = running.size() - 1;
      while (running.get(youngest).isParked()) {
        youngest--;
      }
      running.get(youngest).park(pool);
      counters.preempted();
      if (youngest == index) {
        return;
      }
    }
  }

  /**
   * Takes pages for {@code count} more tokens of a sequence.
   *
   * @return for how many there are pages
   */
  int extend(Sequence sequence, int count) {
    if (count == 0 || sequence.isParked()) {
      return 0;
    }
    int end = sequence.computed() + count;
    if (!sequence.grow(Sequence.pagesFor(end), pool)) {
      end = sequence.pageCount() * TokenBatch.PAGE;
    }
    return end - sequence.computed();
  }
}
