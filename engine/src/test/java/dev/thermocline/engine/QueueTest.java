package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.models.Model;
import org.junit.jupiter.api.Test;

/** Requests that wait for others. */
class QueueTest {
  @Test
  void whoeverCancelsInTheMiddleOfTheQueueLeavesItAtOnce() throws Exception {
    try (Model model = Model.openDefault();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1).withContext(512))) {
      Generation first = engine.submit(request(model, 500));
      Generation second = engine.submit(request(model, 1));
      Generation third = engine.submit(request(model, 1));
      third.cancel();
      third.awaitAll();
      assumeTrue(first.finish() == null, "the first one was too fast");
      assertEquals(FinishReason.CANCELLED, third.finish());
      assertNull(second.finish());
      first.cancel();
      assertEquals(1, second.awaitAll().length);
    }
  }

  private static GenerationRequest request(Model model, int tokens) {
    return new GenerationRequest(Runs.prompt(model, 4), tokens, SamplingParams.greedy(), true);
  }
}
