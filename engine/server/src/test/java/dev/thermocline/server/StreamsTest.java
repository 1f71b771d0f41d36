package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.engine.EngineOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many streams at a time for a while, bounded by {@code -Dthermocline.streams.seconds}: none is
 * lost, and each says what it says alone.
 */
@Timeout(900)
class StreamsTest {
  private static final int STREAMS = 64;
  private static final int SECONDS = Integer.getInteger("thermocline.streams.seconds", 10);

  /** Caches and pools fill up; what requests leave behind would pass this within minutes. */
  private static final long HEAP_MARGIN = 64 << 20;

  private static final String[] PROMPTS = {
    "Once upon a time",
    "The king",
    "In the forest there",
    "A poor woman had",
    "The youngest son",
    "At last the fox",
    "When winter came",
    "The princess said"
  };

  @Test
  void eachSaysWhatItSaysAlone() throws Exception {
    EngineOptions engine = new TestServer().engine().withSequences(16).withBatch(64);
    try (ThermoclineServer server = new TestServer().engine(engine).start()) {
      run(server, SECONDS, 8);
      assertEquals(0, statistics(server).preemptions());
    }
  }

  /** Room for two texts among sixteen: pages give way, texts wait and are computed again. */
  @Test
  void eachSaysWhatItSaysAloneWhereTheCacheIsSmall() throws Exception {
    EngineOptions engine =
        new TestServer().engine().withSequences(16).withBatch(64).withContext(256);
    CacheOptions small = engine.cache().withTokens(256);
    try (ThermoclineServer server = new TestServer().engine(engine.withCache(small)).start()) {
      run(server, Math.min(SECONDS, 10), 64);
      CacheStatistics statistics = statistics(server);
      assertTrue(statistics.evictions() > 0, statistics::toString);
      assertTrue(statistics.preemptions() > 0, statistics::toString);
      assertEquals(0, statistics.used(), statistics::toString);
    }
  }

  private static CacheStatistics statistics(ThermoclineServer server) {
    return server.ready().join().engine().cacheStatistics();
  }

  private static void run(ThermoclineServer server, int seconds, int tokens) throws Exception {
    try (Client client = new Client(server);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, String> alone = new HashMap<>();
      for (int i = 0; i < STREAMS; i++) {
        String body = body(i, tokens);
        if (!alone.containsKey(body)) {
          alone.put(body, client.chatText(body));
        }
      }
      Gaps gaps = new Gaps();
      long used = usedHeap();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      List<Future<Integer>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        String body = body(i, tokens);
        streams.add(
            threads.submit(() -> {
              int count = 0;
              do {
                assertEquals(alone.get(body), client.chatText(body, gaps.ofOneStream()));
                count++;
              } while (System.nanoTime() < end);
              return count;
            }));
      }
      int texts = 0;
      for (Future<Integer> stream : streams) {
        texts += stream.get();
      }
      assertTrue(texts >= STREAMS);
      long after = usedHeap();
      assertTrue(after < used + HEAP_MARGIN, () -> used + " bytes before, " + after + " after");
      System.out.println(
          "streams: %d texts of %d clients, none differs; %s; heap in use %d MB before, %d MB after"
              .formatted(texts, STREAMS, gaps, used >> 20, after >> 20));
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Times between the events of streams, in tenths of a millisecond. */
  private static final class Gaps {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(100_000);

    /** Hears of the events of one stream; what comes before the second one is not counted. */
    Consumer<String> ofOneStream() {
      long[] last = {0};
      return event -> {
        long now = System.nanoTime();
        if (last[0] != 0 && event.contains("\"content\"")) {
          counts.incrementAndGet((int) Math.min((now - last[0]) / 100_000, counts.length() - 1));
        }
        last[0] = event.contains("\"role\"") ? 0 : now;
      };
    }

    private double millis(double share) {
      long all = 0;
      for (int i = 0; i < counts.length(); i++) {
        all += counts.get(i);
      }
      long seen = 0;
      int i = 0;
      while (i < counts.length() - 1 && (seen += counts.get(i)) < share * all) {
        i++;
      }
      return i / 10.0;
    }

    @Override
    public String toString() {
      return "between tokens p50 %.1f ms, p99 %.1f ms".formatted(millis(0.5), millis(0.99));
    }
  }

  private static String body(int i, int tokens) {
    return "{'messages':[{'role':'user','content':'"
        + PROMPTS[i % PROMPTS.length]
        + "'}],'temperature':0,'stream':true,'max_tokens':"
        + (tokens + i % 3 * 12)
        + "}";
  }
}
