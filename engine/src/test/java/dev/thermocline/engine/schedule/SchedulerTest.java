package dev.thermocline.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.StepCounts;
import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.kernels.TokenBatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static Scheduler scheduler(int pages, int batch, int sequences) {
    return new Scheduler(new PageBudget(pages, sequences, pages), batch, true);
  }

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
  void countsWhatIsComputedTogether() {
    Scheduler scheduler = scheduler(40, 8, 4);
    scheduler.admit(sequence(5, 20));
    scheduler.admit(sequence(1, 20));
    scheduler.admit(sequence(3, 20));
    // The single token first, then five of the oldest prompt, two of the next; then its last.
    assertEquals(8, step(scheduler));
    assertEquals(3, step(scheduler));
    assertEquals(3, step(scheduler));
    StepCounts sequences = scheduler.batches().read().sequences();
    assertEquals(new StepCounts(List.of(0L, 0L, 3L, 0L, 0L, 0L, 0L, 0L, 0L), 9), sequences);
    assertEquals(4, sequences.upperBound(2));
    assertEquals(Double.POSITIVE_INFINITY, sequences.upperBound(8));
    StepCounts prompts = scheduler.batches().read().promptTokens();
    assertEquals(1, prompts.steps());
    assertEquals(1, prompts.counts().get(3));
    assertEquals(7, prompts.sum());
  }

  @Test
  void bucketsDouble() {
    StepHistogram histogram = new StepHistogram(4);
    for (int value : new int[] {1, 2, 3, 4, 5, 1000}) {
      histogram.add(value);
    }
    assertEquals(new StepCounts(List.of(1L, 1L, 2L, 2L), 1015), histogram.read());
    assertEquals(6, histogram.read().steps());
  }

  @Test
  void aLongPromptIsComputedInChunks() {
    Scheduler scheduler = scheduler(4, 4, 2);
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
    Scheduler scheduler = scheduler(8, 4, 2);
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
      Scheduler scheduler = scheduler(32, batch, 5);
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

  /** Random sequences come, grow and go in caches that are too small for all of them. */
  @Test
  void everySequenceEndsWithItsOwnTokensInItsPages() {
    long hits = 0;
    long evictions = 0;
    long preemptions = 0;
    for (int seed = 0; seed < 40; seed++) {
      CacheStatistics after = new SchedulerRun(seed).run();
      hits += after.hits();
      evictions += after.evictions();
      preemptions += after.preemptions();
    }
    assertTrue(
        hits > 100 && evictions > 100 && preemptions > 100,
        hits + ", " + evictions + ", " + preemptions);
  }

  /** Pages are taken, shared, kept and evicted without an object. */
  @Test
  void growingAllocatesNothing() {
    Scheduler scheduler = scheduler(12, 8, 4);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sequences.add(sequence(1 + 3 * i, 150));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long most = 0;
    for (Sequence sequence : sequences) {
      scheduler.admit(sequence);
      long before = threads.getCurrentThreadAllocatedBytes();
      while (!sequence.isFull()) {
        step(scheduler);
      }
      most = threads.getCurrentThreadAllocatedBytes() - before;
      scheduler.remove(sequence);
    }
    // The last of them, when every class is loaded.
    assertEquals(0, most);
    assertTrue(scheduler.counters().read().evictions() > 0);
  }

  @Test
  void thereIsALimitOfSequences() {
    Scheduler scheduler = scheduler(10, 8, 2);
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
    Scheduler scheduler = scheduler(4, 4, 1);
    Sequence sequence = sequence(3, 20);
    scheduler.admit(sequence);
    step(scheduler);
    step(scheduler);
    assertEquals(5, sequence.length());
    scheduler.forget();
    assertEquals(4, scheduler.next().size());
    assertEquals(0, scheduler.finishingCount(), "nothing is sampled before all is computed");
    scheduler.computed();
    assertEquals(1, scheduler.next().size());
    assertEquals(1, scheduler.finishingCount());
  }
}
