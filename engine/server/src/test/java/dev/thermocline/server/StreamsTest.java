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
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      List<Future<Integer>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        String body = body(i, tokens);
        streams.add(
            threads.submit(() -> {
              int count = 0;
              do {
                assertEquals(alone.get(body), client.chatText(body));
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
      System.out.println("streams: " + texts + " texts of " + STREAMS + " clients, none differs");
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
