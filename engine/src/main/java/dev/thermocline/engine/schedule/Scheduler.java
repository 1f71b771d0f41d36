package dev.thermocline.engine.schedule;

import dev.thermocline.kernels.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides who is in the next batch. Sequences that decode come first, a token each; what is left of
 * the batch goes to prompts, oldest first, so that long prompts are computed in chunks between the
 * tokens of running streams. Where a batch does not hold everybody, whoever was left out comes
 * first in the next.
 */
public final class Scheduler {
  private final PagePool pages;
  private final TokenBatch batch;
  private final List<Sequence> running = new ArrayList<>();
  private final Sequence[] finishing;
  private final int[] finishingRows;
  private final int[] taken;
  private int finishingCount;
  private int turn;
  private boolean leftOut;

  /**
   * Schedules onto caches of {@code pageCount} pages.
   *
   * @param maxTokens most tokens of a batch
   * @param maxSequences most sequences at a time
   */
  public Scheduler(int pageCount, int maxTokens, int maxSequences) {
    pages = new PagePool(pageCount);
    batch = new TokenBatch(maxTokens, pageCount);
    finishing = new Sequence[maxSequences];
    finishingRows = new int[maxSequences];
    taken = new int[maxSequences];
  }

  /** Takes a sequence in if there is room for all of it; false means to try again later. */
  public boolean admit(Sequence sequence) {
    if (running.size() == finishing.length || pages.available() < sequence.pages().length) {
      return false;
    }
    sequence.takePages(pages);
    running.add(sequence);
    return true;
  }

  /** Removes a sequence and frees its pages. */
  public void remove(Sequence sequence) {
    int index = running.indexOf(sequence);
    running.remove(index);
    turn -= index < turn ? 1 : 0;
    sequence.givePages(pages);
  }

  public boolean isEmpty() {
    return running.isEmpty();
  }

  /** Sequences that run, oldest first; not a copy. */
  public List<Sequence> running() {
    return running;
  }

  /** Fills and returns the next batch; {@link #computed} must follow once it is computed. */
  public TokenBatch next() {
    batch.clear();
    finishingCount = 0;
    int count = running.size();
    java.util.Arrays.fill(taken, 0);
    if (leftOut && turn < count) {
      taken[turn] = fill(running.get(turn));
    }
    for (int k = 0; k < count; k++) {
      int i = (turn + k) % count;
      if (taken[i] == 0 && running.get(i).pending() == 1) {
        taken[i] = fill(running.get(i));
      }
    }
    for (int k = 0; k < count; k++) {
      int i = (turn + k) % count;
      if (taken[i] == 0) {
        taken[i] = fill(running.get(i));
      }
    }
    passTurn(count);
    return batch;
  }

  /** The next turn is of the first who got nothing, counted from who had this one. */
  private void passTurn(int count) {
    for (int k = 0; k < count; k++) {
      int i = (turn + k) % count;
      if (taken[i] == 0) {
        turn = i;
        leftOut = true;
        return;
      }
    }
    turn = 0;
    leftOut = false;
  }

  /** Adds as much of a sequence as there is room for and returns how much that is. */
  private int fill(Sequence sequence) {
    int count = Math.min(batch.maxTokens() - batch.size(), sequence.pending());
    if (count == 0) {
      return 0;
    }
    int from = sequence.computed();
    int firstPage = batch.addPages(sequence.pages(), Sequence.pagesFor(from + count));
    for (int p = from; p < from + count; p++) {
      batch.add(sequence.tokens()[p], p, firstPage);
    }
    if (from + count == sequence.length()) {
      finishing[finishingCount] = sequence;
      finishingRows[finishingCount++] = batch.size() - 1;
    }
    return count;
  }

  /** Notes that the batch's keys and values are in the caches. */
  public void computed() {
    for (int i = 0; i < running.size(); i++) {
      running.get(i).advance(taken[i]);
    }
  }

  /** Sequences that can be sampled after this batch. */
  public int finishingCount() {
    return finishingCount;
  }

  public Sequence finishing(int i) {
    return finishing[i];
  }

  /**
   * Rows of the batch whose logits {@link #finishing} needs; the first {@link #finishingCount}
   * count.
   */
  public int[] finishingRows() {
    return finishingRows;
  }
}
