package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    TestServer settings = new TestServer();
    try (ThermoclineServer server =
            settings.engine(settings.engine().withSequences(16).withBatch(64)).start();
        Client client = new Client(server);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, String> alone = new HashMap<>();
      for (int i = 0; i < STREAMS; i++) {
        String body = body(i);
        if (!alone.containsKey(body)) {
          alone.put(body, client.chatText(body));
        }
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      List<Future<Integer>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        String body = body(i);
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

  private static String body(int i) {
    return "{'messages':[{'role':'user','content':'"
        + PROMPTS[i % PROMPTS.length]
        + "'}],'temperature':0,'stream':true,'max_tokens':"
        + (8 + i % 3 * 12)
        + "}";
  }
}
