package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceEngineTest {
  @TempDir Path folder;
  private Model model;

  @BeforeEach
  void open() throws Exception {
    model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16));
  }

  @AfterEach
  void close() {
    model.close();
  }

  private InferenceEngine engine(int sequences) {
    return InferenceEngine.open(model, Runs.cpu(1).withSequences(sequences));
  }

  private static GenerationRequest request(int tokens, int... prompt) {
    return new GenerationRequest(prompt, tokens, SamplingParams.greedy(), true);
  }

  @Test
  void aGenerationEndsAtItsLimitOrWithTheContext() throws Exception {
    try (InferenceEngine engine = engine(1)) {
      Generation limited = engine.submit(request(5, 4, 5, 6));
      assertEquals(5, limited.awaitAll().length);
      assertEquals(FinishReason.LENGTH, limited.finish());
      assertEquals(-1, limited.await(5));
      assertEquals(3, limited.promptTokens());
      assertTrue(limited.firstTokenNanos() > 0);
      assertTrue(limited.elapsedNanos() >= limited.firstTokenNanos());
      assertEquals(96 - 3, engine.submit(request(1000, 4, 5, 6)).awaitAll().length);
    }
  }

  @Test
  void aCancelledGenerationEndsAndTheNextOneRuns() throws Exception {
    try (InferenceEngine engine = engine(1)) {
      Generation running = engine.submit(request(90, 4));
      Generation waiting = engine.submit(request(90, 5));
      Generation last = engine.submit(request(4, 6));
      running.await(0);
      waiting.cancel();
      running.cancel();
      assertEquals(4, last.awaitAll().length);
      int count = running.awaitAll().length;
      assertEquals(0, waiting.awaitAll().length);
      assertEquals(FinishReason.CANCELLED, waiting.finish());
      assertTrue(count >= 1);
      assertTrue(count == 90 || running.finish() == FinishReason.CANCELLED);
    }
  }

  @Test
  void closingEndsWhatRunsAndWhatWaits() throws Exception {
    InferenceEngine engine = engine(1);
    Generation running = engine.submit(request(90, 4));
    Generation waiting = engine.submit(request(90, 5));
    running.await(0);
    engine.close();
    for (Generation generation : List.of(running, waiting)) {
      if (generation.finish() != FinishReason.LENGTH) {
        GenerationException failure = assertThrows(GenerationException.class, generation::awaitAll);
        assertEquals("generation failed: the engine was closed", failure.getMessage());
        assertEquals(FinishReason.FAILED, generation.finish());
      }
    }
    engine.close();
    assertThrows(IllegalStateException.class, () -> engine.submit(request(1, 4)));
    assertThrows(IllegalStateException.class, engine::statistics);
  }

  @Test
  void whoeverSubmitsWhileItClosesGetsAnAnswer() throws Exception {
    for (int round = 0; round < 20; round++) {
      InferenceEngine engine = engine(2);
      try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          answers.add(threads.submit(() -> submitUntilClosed(engine)));
        }
        Thread.sleep(2);
        engine.close();
        for (Future<Boolean> answer : answers) {
          assertTrue(answer.get());
        }
      }
    }
  }

  private static boolean submitUntilClosed(InferenceEngine engine) throws InterruptedException {
    try {
      while (true) {
        engine.submit(request(2, 4, 5)).awaitAll();
        engine.statistics();
        engine.logits(new int[] {4, 5}, (position, logits, offset) -> {});
      }
    } catch (IllegalStateException | GenerationException e) {
      return true;
    }
  }

  @Test
  void badRequestsAreRefusedWithTheReason() {
    try (InferenceEngine engine = engine(1)) {
      assertEquals(
          "prompt: expected tokens 0 to 299, got 300",
          assertThrows(IllegalArgumentException.class, () -> engine.submit(request(1, 4, 300)))
              .getMessage());
      assertEquals(
          "prompt: expected 1 to 95 tokens in a context of 96, got 96",
          assertThrows(IllegalArgumentException.class, () -> engine.submit(request(1, new int[96])))
              .getMessage());
      assertThrows(IllegalArgumentException.class, () -> request(1));
      assertThrows(IllegalArgumentException.class, () -> request(0, 4));
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.logits(new int[97], (position, logits, offset) -> {}));
    }
  }

  @Test
  void severalThreadsGetTheTextsThatTheyWouldGetAlone() throws Exception {
    List<int[]> alone = new ArrayList<>();
    try (InferenceEngine engine = engine(1)) {
      for (int i = 0; i < 6; i++) {
        alone.add(engine.submit(request(12, 10 + i, 20)).awaitAll());
      }
    }
    try (InferenceEngine engine = engine(3);
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        work.add(() -> {
          for (int round = 0; round < 3; round++) {
            assertArrayEquals(
                alone.get(number), engine.submit(request(12, 10 + number, 20)).awaitAll());
          }
          return null;
        });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        assertNull(done.get());
      }
    }
  }

  @Test
  void logitsLeaveRunningTextsAlone() throws Exception {
    try (InferenceEngine engine = engine(2)) {
      int[] expected = engine.submit(request(30, 4, 5)).awaitAll();
      Generation running = engine.submit(request(30, 4, 5));
      List<Integer> positions = new ArrayList<>();
      engine.logits(Runs.prompt(model, 40), (position, logits, offset) -> positions.add(position));
      assertArrayEquals(expected, running.awaitAll());
      assertEquals(40, positions.size());
      for (int i = 0; i < 40; i++) {
        assertEquals(i, positions.get(i));
      }
    }
  }

  @Test
  void aFailingSinkFailsItsCallerOnly() throws Exception {
    try (InferenceEngine engine = engine(1)) {
      GenerationException failure =
          assertThrows(
              GenerationException.class,
              () ->
                  engine.logits(
                      new int[] {4, 5},
                      (position, logits, offset) -> {
                        throw new IllegalStateException("no room");
                      }));
      assertEquals("logits failed: no room", failure.getMessage());
      assertEquals(2, engine.submit(request(2, 4)).awaitAll().length);
    }
  }
}
