package dev.thermocline.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.kernels.TokenBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static Sequence sequence(int promptLength, int capacity) {
    int[] prompt = new int[promptLength];
    java.util.Arrays.setAll(prompt, i -> i + 1);
    return new Sequence(prompt, capacity, new Sampler(SamplingParams.greedy(), 10));
  }

  /** Computes a batch and lets every sequence that is due have one more token. */
  private static int step(Scheduler scheduler) {
    int size = scheduler.next().size();
    scheduler.computed();
    for (int i = 0; i < scheduler.finishingCount(); i++) {
      scheduler.finishing(i).append(9);
    }
    return size;
  }

  @Test
  void aLongPromptIsComputedInChunks() {
    Scheduler scheduler = new Scheduler(4, 4, 2);
    Sequence sequence = sequence(10, 20);
    assertTrue(scheduler.admit(sequence));
    for (int expected : new int[] {4, 4, 2, 1, 1}) {
      TokenBatch batch = scheduler.next();
      assertEquals(expected, batch.size());
      assertEquals(expected == 4 ? 0 : 1, scheduler.finishingCount());
      for (int row = 0; row < batch.size(); row++) {
        int position = sequence.computed() + row;
        assertEquals(position, batch.positions()[row]);
        assertEquals(sequence.tokens()[position], batch.tokens()[row]);
      }
      scheduler.computed();
      if (scheduler.finishingCount() == 1) {
        assertEquals(batch.size() - 1, scheduler.finishingRows()[0]);
        scheduler.finishing(0).append(9);
      }
    }
  }

  @Test
  void streamsGoOnWhileAPromptIsComputed() {
    Scheduler scheduler = new Scheduler(8, 4, 2);
    Sequence stream = sequence(1, 30);
    scheduler.admit(stream);
    step(scheduler);
    scheduler.admit(sequence(9, 20));
    for (int i = 0; i < 3; i++) {
      int before = stream.length();
      assertEquals(4, step(scheduler));
      assertEquals(before + 1, stream.length());
    }
  }

  @Test
  void nobodyStarvesWhereABatchHoldsFewerThanAll() {
    for (int batch = 1; batch < 4; batch++) {
      Scheduler scheduler = new Scheduler(32, batch, 5);
      List<Sequence> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        all.add(sequence(1 + i, 40));
        scheduler.admit(all.get(i));
      }
      for (int i = 0; i < 100; i++) {
        step(scheduler);
        assertTrue(scheduler.finishingCount() <= batch);
        for (Sequence sequence : List.copyOf(scheduler.running())) {
          if (sequence.isFull()) {
            scheduler.remove(sequence);
          }
        }
        if (i == 30) {
          // Everybody has had a share by now, nobody twice what another had.
          int least = all.stream().mapToInt(s -> s.length()).min().orElseThrow();
          int most = all.stream().mapToInt(s -> s.length()).max().orElseThrow();
          assertTrue(least >= 5 && most <= 2 * least + 5, least + " to " + most);
        }
      }
    }
  }

  @Test
  void pagesComeBackAndAreNeverShared() {
    int pages = 12;
    Scheduler scheduler = new Scheduler(pages, 8, 6);
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 500; round++) {
      if (random.nextBoolean()) {
        scheduler.admit(sequence(3, 1 + random.nextInt(5 * TokenBatch.PAGE)));
      } else if (!scheduler.isEmpty()) {
        scheduler.remove(scheduler.running().get(random.nextInt(scheduler.running().size())));
      }
      Set<Integer> used = new HashSet<>();
      for (Sequence sequence : scheduler.running()) {
        for (int page : sequence.pages()) {
          assertTrue(page >= 0 && page < pages && used.add(page), "page " + page);
        }
      }
    }
    while (!scheduler.isEmpty()) {
      scheduler.remove(scheduler.running().getFirst());
    }
    assertTrue(scheduler.admit(sequence(1, pages * TokenBatch.PAGE)), "all pages are free again");
    assertFalse(scheduler.admit(sequence(1, 1)), "and now none");
  }

  @Test
  void thereIsALimitOfSequences() {
    Scheduler scheduler = new Scheduler(10, 8, 2);
    Sequence first = sequence(1, 5);
    assertTrue(scheduler.admit(first));
    assertTrue(scheduler.admit(sequence(1, 5)));
    assertFalse(scheduler.admit(sequence(1, 5)));
    scheduler.remove(first);
    Sequence third = sequence(1, 5);
    assertTrue(scheduler.admit(third));
    assertSame(third, scheduler.running().getLast());
  }

  @Test
  void aForgottenSequenceIsComputedAgainFromItsTokens() {
    Scheduler scheduler = new Scheduler(4, 4, 1);
    Sequence sequence = sequence(3, 20);
    scheduler.admit(sequence);
    step(scheduler);
    step(scheduler);
    assertEquals(5, sequence.length());
    sequence.forget();
    assertEquals(4, scheduler.next().size());
    assertEquals(0, scheduler.finishingCount(), "nothing is sampled before all is computed");
    scheduler.computed();
    assertEquals(1, scheduler.next().size());
    assertEquals(1, scheduler.finishingCount());
  }
}
