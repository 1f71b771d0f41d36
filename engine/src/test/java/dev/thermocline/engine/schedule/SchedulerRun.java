package dev.thermocline.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.kernels.TokenBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * A scheduler with random sequences over a cache that is a table of tokens: instead of attending, a
 * row looks whether every position before it holds what its sequence has there. Texts come from two
 * letters, so that many of them begin alike.
 */
final class SchedulerRun {
  private static final int PAGE = TokenBatch.PAGE;

  private final SplittableRandom random;
  private final PageBudget budget;
  private final Scheduler scheduler;
  private final String what;

  /** What each slot was computed from: a name of the whole text up to there. */
  private final long[] slots;

  private final Queue<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> ended = new ArrayList<>();
  private int started;

  SchedulerRun(int seed) {
    random = new SplittableRandom(seed);
    int perSequence = 1 + random.nextInt(6);
    int sequences = 1 + random.nextInt(5);
    int total = perSequence + random.nextInt(perSequence * sequences);
    budget = new PageBudget(total, sequences, perSequence);
    scheduler = new Scheduler(budget, 1 + random.nextInt(48), true);
    slots = new long[total * PAGE];
    what = "seed " + seed + ", " + budget;
  }

  /** Runs until all sequences have ended and returns what came of it. */
  CacheStatistics run() {
    for (int step = 0; step < 20_000 && ended.size() < 60; step++) {
      if (started < 60 && random.nextInt(4) == 0) {
        waiting.add(sequence());
        started++;
      }
      while (!waiting.isEmpty() && scheduler.admit(waiting.peek())) {
        waiting.remove();
      }
      if (random.nextInt(200) == 0) {
        java.util.Arrays.fill(slots, 0);
        scheduler.forget();
      }
      if (!scheduler.isEmpty()) {
        step();
      }
    }
    assertEquals(60, ended.size(), what);
    CacheStatistics left = scheduler.counters().read();
    assertEquals(0, left.used(), what);
    assertEquals(budget.total(), left.pages(), what);
    return left;
  }

  private Sequence sequence() {
    int capacity = 2 + random.nextInt(budget.context() - 1);
    int[] prompt = random.ints(1 + random.nextInt(capacity - 1), 1, 3).toArray();
    // Few beginnings, that differ late or not at all.
    for (int i = 0; i < prompt.length - random.nextInt(PAGE); i++) {
      prompt[i] = 1;
    }
    return new Sequence(prompt, capacity, new Sampler(SamplingParams.greedy(), 10));
  }

  private void step() {
    TokenBatch batch = scheduler.next();
    assertTrue(batch.size() > 0, what);
    for (int row = 0; row < batch.size(); row++) {
      compute(batch, row);
    }
    scheduler.computed();
    for (int i = 0; i < scheduler.finishingCount(); i++) {
      Sequence sequence = scheduler.finishing(i);
      sequence.append(1 + random.nextInt(2));
      if (sequence.isFull() || random.nextInt(100) == 0) {
        scheduler.remove(sequence);
        ended.add(sequence);
      }
    }
  }

  /** The name of a text is made of the name of the text before and the token. */
  private void compute(TokenBatch batch, int row) {
    int position = batch.positions()[row];
    long before = position == 0 ? 1 : slots[batch.slot(row, position - 1)];
    assertTrue(before != 0, what + ": position " + position + " follows nothing");
    slots[batch.slot(row, position)] = before * 31 + batch.tokens()[row];
    Sequence owner = owner(batch, row);
    long name = 1;
    for (int p = 0; p <= position; p++) {
      name = name * 31 + owner.tokens()[p];
      assertEquals(name, slots[batch.slot(row, p)], what + ": position " + p);
    }
  }

  private Sequence owner(TokenBatch batch, int row) {
    int page = batch.positions()[row] / PAGE;
    int number = batch.pages()[batch.pageStart()[row] + page];
    for (Sequence sequence : scheduler.running()) {
      if (sequence.pageCount() > page && sequence.pages()[page] == number) {
        return sequence;
      }
    }
    throw new AssertionError(what + ": nobody owns page " + number);
  }
}
