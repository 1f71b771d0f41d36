package dev.thermocline.engine.schedule;

import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.kernels.TokenBatch;

/**
 * Makes room in full sequences: the first tokens stay, half of the others are dropped, and the rest
 * moves up. Where positions are rotary, the keys of what moves are turned to where it is now, and
 * its values stay what they were, computed in sight of tokens that are gone (Xiao et al.,
 * StreamingLLM, 2023, and the context shift of llama.cpp). Where positions are learned, or where no
 * page is left to move to, what moves is computed again. Used by the decode thread.
 */
final class ContextShift {
  private static final int PAGE = TokenBatch.PAGE;

  private final PagePool pool;
  private final boolean rotary;
  private final TokenBatch moves;
  private final int[] old;

  /**
   * Prepares for sequences of a budget.
   *
   * @param rotary whether positions are no more than turns of keys
   * @param maxTokens most rows of a batch of moves
   */
  ContextShift(PagePool pool, PageBudget budget, boolean rotary, int maxTokens) {
    this.pool = pool;
    this.rotary = rotary;
    this.moves = new TokenBatch(Math.max(2, maxTokens), 2 * budget.perSequence());
    this.old = new int[budget.perSequence()];
  }

  /** Shifts a sequence of which all but the last token is computed. */
  void shift(Sequence sequence, int keep, ModelRunner runner) {
    int kept = Math.min(keep, sequence.length() - 2);
    int dropped = (sequence.length() - kept) / 2;
    int computed = sequence.computed();
    int first = kept / PAGE;
    int end = Sequence.pagesFor(computed - dropped);
    int count = sequence.pageCount();
    System.arraycopy(sequence.pages(), 0, old, 0, count);
    if (!rotary || !sequence.makeOwn(first, end, pool)) {
      sequence.drop(kept, dropped);
      sequence.rewind(kept, pool);
      return;
    }
    try {
      // First the tokens: should the device fail now, the sequence is computed from them.
      sequence.drop(kept, dropped);
      if (sequence.pages()[first] != old[first]) {
        move(sequence, count, first * PAGE, kept, 0, runner);
      }
      move(sequence, count, kept + dropped, computed, dropped, runner);
      sequence.shifted(computed - dropped, first, pool);
    } finally {
      giveBack(sequence, first, count);
    }
  }

  /**
   * Moves positions {@code from} to {@code to} by {@code distance}, in as many batches as needed.
   */
  private void move(
      Sequence sequence, int pages, int from, int to, int distance, ModelRunner runner) {
    int most = moves.maxTokens() / 2;
    for (int start = from; start < to; start += most) {
      int end = Math.min(to, start + most);
      moves.clear();
      int source = moves.addPages(old, pages);
      int target = moves.addPages(sequence.pages(), pages);
      for (int p = start; p < end; p++) {
        moves.add(0, p, source);
      }
      for (int p = start; p < end; p++) {
        moves.add(0, p - distance, target);
      }
      runner.move(moves, distance);
    }
  }

  /** Ends the use of pages that others use too and that copies have replaced. */
  private void giveBack(Sequence sequence, int first, int count) {
    for (int i = count - 1; i >= first; i--) {
      if (sequence.pages()[i] != old[i]) {
        pool.give(old[i]);
      }
    }
  }
}
