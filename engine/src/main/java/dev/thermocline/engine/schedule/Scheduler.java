package dev.thermocline.engine.schedule;

import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.kernels.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is in the next batch. Sequences that decode come first, a token each; what is left of
 * the batch goes to prompts, oldest first, so that long prompts are computed in chunks between the
 * tokens of running streams. Where a batch does not hold everybody, whoever was left out comes
 * first in the next.
 *
 * <p>Pages are taken as sequences grow ({@link PageSupply}). A prompt starts from the pages that
 * others have computed of the same tokens, at any page boundary: two that run side by side compute
 * what they share once.
 */
public final class Scheduler {
  private final CacheCounters counters = new CacheCounters();
  private final BatchCounters batches = new BatchCounters();
  private final PagePool pages;
  private final PageSupply supply;
  private final ContextShift shift;
  private final TokenBatch batch;
  private final List<Sequence> running = new ArrayList<>();
  private final Sequence[] finishing;
  private final int[] finishingRows;
  private final int[] taken;
  private int finishingCount;
  private int turn;
  private boolean leftOut;

  /**
   * Schedules onto caches.
   *
   * @param maxTokens most tokens of a batch
   * @param rotary whether the model's positions are no more than turns of keys
   */
  public Scheduler(PageBudget budget, int maxTokens, boolean rotary) {
    pages = new PagePool(budget.total(), counters);
    supply = new PageSupply(pages, running, counters);
    shift = new ContextShift(pages, budget, rotary, maxTokens);
    batch = new TokenBatch(maxTokens, budget.tablePages());
    finishing = new Sequence[budget.sequences()];
    finishingRows = new int[budget.sequences()];
    taken = new int[budget.sequences()];
  }

  /** Takes a sequence in if there is room for it; false means to try again later. */
  public boolean admit(Sequence sequence) {
    if (running.size() == finishing.length || !supply.admits(sequence)) {
      return false;
    }
    running.add(sequence);
    counters.admitted(sequence.length());
    return true;
  }

  /** Removes a sequence; its full pages are kept for others as long as there is room. */
  public void remove(Sequence sequence) {
    int index = running.indexOf(sequence);
    running.remove(index);
    turn -= index < turn ? 1 : 0;
    sequence.release(pages);
  }

  public boolean isEmpty() {
    return running.isEmpty();
  }

  /** Sequences that run, oldest first; not a copy. */
  public List<Sequence> running() {
    return running;
  }

  /** Pages of the caches. */
  public int pages() {
    return pages.size();
  }

  /** What the caches hold; read by any thread. */
  public CacheCounters counters() {
    return counters;
  }

  /** What was computed together; read by any thread. */
  public BatchCounters batches() {
    return batches;
  }

  /**
   * After the caches were lost: what was kept is forgotten, and sequences are computed again from
   * their tokens.
   */
  public void forget() {
    pages.forget();
    for (Sequence sequence : running) {
      sequence.release(pages);
    }
  }

  /**
   * Pages for work beside the sequences, to be given back; null if they cannot be spared now.
   * Whatever a full context needs can be, once nothing runs.
   */
  public int @Nullable [] lend(int count) {
    return supply.spares(count) ? borrow(count) : null;
  }

  /**
   * Pages for work of another kind, to be given back; nothing may be running.
   *
   * @throws IllegalStateException if there are not as many
   */
  public int[] borrow(int count) {
    int[] borrowed = new int[count];
    for (int i = 0; i < count; i++) {
      borrowed[i] = pages.take();
      if (borrowed[i] < 0) {
        throw new IllegalStateException("expected " + count + " free pages, got " + i);
      }
    }
    return borrowed;
  }

  /** Uses the pages that hold the longest known beginning of a text, until they are given back. */
  public int[] known(int[] tokens) {
    int[] found = new int[tokens.length / TokenBatch.PAGE];
    long prefix = 0;
    int count = 0;
    while (count < found.length) {
      int page = pages.share(prefix, tokens, count * TokenBatch.PAGE);
      if (page < 0) {
        break;
      }
      found[count++] = page;
      prefix = pages.serial(page);
    }
    return java.util.Arrays.copyOf(found, count);
  }

  /** Makes borrowed pages known that hold a text from its beginning, and gives them back. */
  public void offer(int[] tokens, int[] borrowed) {
    long prefix = 0;
    for (int i = 0; i < borrowed.length; i++) {
      borrowed[i] = pages.offer(borrowed[i], prefix, tokens, i * TokenBatch.PAGE);
      prefix = pages.serial(borrowed[i]);
    }
    giveBack(borrowed);
  }

  /** Ends what {@link #borrow} or {@link #known} began; the last page can be had first. */
  public void giveBack(int[] borrowed) {
    for (int i = borrowed.length - 1; i >= 0; i--) {
      pages.give(borrowed[i]);
    }
  }

  /** Makes room in a full sequence, keeping its first {@code keep} tokens. */
  public void shift(Sequence sequence, int keep, ModelRunner runner) {
    shift.shift(sequence, keep, runner);
    counters.shifted();
  }

  /** Fills and returns the next batch; {@link #computed} must follow once it is computed. */
  public TokenBatch next() {
    batch.clear();
    finishingCount = 0;
    supply.prepare();
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
      if (taken[i] == 0 && !running.get(i).isParked()) {
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
    int room = batch.maxTokens() - batch.size();
    int count = supply.extend(sequence, Math.min(room, sequence.pending()));
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
    int sequences = 0;
    int promptTokens = 0;
    for (int i = 0; i < running.size(); i++) {
      sequences += taken[i] > 0 ? 1 : 0;
      promptTokens += running.get(i).pending() > 1 ? taken[i] : 0;
      running.get(i).advance(taken[i], pages);
    }
    batches.add(sequences, promptTokens);
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
