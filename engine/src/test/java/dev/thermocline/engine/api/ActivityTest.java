package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ActivityTest {
  private static final AnswerOptions SHORT = AnswerOptions.greedy().withMaxTokens(32);

  @Test
  void showsWhatWasComputed() throws Exception {
    LinkedBlockingQueue<Activity> heard = new LinkedBlockingQueue<>();
    AtomicInteger calls = new AtomicInteger();
    try (LocalModel model =
        LocalModel.open(
            "default", EngineOptions.defaults().withDevice(DeviceMode.CPU).withThreads(2))) {
      assertEquals(0, model.activity().tokens());
      assertThrows(IllegalArgumentException.class, () -> model.watch(Duration.ZERO, heard::add));
      try (ActivityWatch _ =
          model.watch(
              Duration.ofMillis(5),
              added -> {
                heard.add(added);
                if (calls.getAndIncrement() == 0) {
                  throw new UnsupportedOperationException("a listener with a bug");
                }
              })) {
        long told = 0;
        while (told < 64) {
          assertEquals(32, model.complete("Once upon a time", SHORT).answer().tokens());
          Activity added = heard.poll(1, TimeUnit.MINUTES);
          told += added == null ? 0 : added.tokens();
        }
      }
      Activity all = model.activity();
      assertTrue(all.tokens() >= 64);
      assertTrue(all.promptTokens() > 0);
      assertTrue(all.bytesPerToken() > 0);
      assertTrue(all.activeShare() > 0.01 && all.activeShare() < 0.5, all.toString());
      assertTrue(!all.layers().isEmpty());
      assertTrue(all.layers().getFirst().coldNeurons() > 0);
      assertTrue(all.placement().contains("2 threads"), all.placement());
    }
  }
}
