package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.engine.schedule.Sequence;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cached prefix equals a fresh one, whoever computed it and whatever happened in between. */
class PrefixReuseTest {
  @TempDir Path folder;

  private Model model() throws Exception {
    return Model.open(TestModels.powerInfer(folder, TensorFormats.F16));
  }

  private static GenerationRequest request(int[] prompt, int tokens) {
    return new GenerationRequest(prompt, tokens, SamplingParams.greedy(), true);
  }

  /** The same chunks of the same kernels: the same bits. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2", "phi2", "gpt2", "gpt-oss", "qwen3moe"})
  void logitsAfterACachedPrefixAreTheSameBits(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      EngineOptions options = Runs.cpu(1).withContext(0).withSequences(2);
      try (EngineRunner runner = EngineRunner.load(model, options)) {
        Scheduler scheduler = new Scheduler(runner.pages(), options.batch(), true);
        int[] prompt = Runs.prompt(model, Math.min(runner.context() - 1, 70));
        float[] fresh = logits(scheduler, runner, prompt, 0);
        int most = (prompt.length - 1) / 32 * 32;
        assertArrayEquals(fresh, logits(scheduler, runner, prompt, most));
        int[] other = prompt.clone();
        other[prompt.length / 2] ^= 1;
        logits(scheduler, runner, other, prompt.length / 2 / 32 * 32);
        assertArrayEquals(fresh, logits(scheduler, runner, prompt, most));
      }
    }
  }

  private static float[] logits(
      Scheduler scheduler, EngineRunner runner, int[] prompt, int reused) {
    Sampler unused = new Sampler(SamplingParams.greedy(), 10);
    Sequence sequence = new Sequence(prompt, prompt.length + 1, unused);
    assertTrue(scheduler.admit(sequence));
    while (scheduler.finishingCount() == 0) {
      runner.runner().forward(scheduler.next());
      scheduler.computed();
    }
    HostActivations logits = runner.runner().logits(scheduler.finishingRows(), 0, 1);
    assertEquals(reused, sequence.reused());
    scheduler.remove(sequence);
    scheduler.next();
    return Arrays.copyOf(logits.values(), logits.cols());
  }

  @Test
  void aConversationComputesOnlyWhatIsNew() throws Exception {
    try (Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
      int[] first = Runs.prompt(model, 40);
      Generation answer = engine.submit(request(first, 10));
      int[] turn = Runs.join(first, answer.awaitAll());
      assertEquals(0, answer.cachedTokens());
      int[] second = Runs.join(turn, Runs.prompt(model, 20));
      Generation next = engine.submit(request(second, 10));
      int[] text = next.awaitAll();
      assertEquals(32, next.cachedTokens());
      assertArrayEquals(Runs.greedy(model, Runs.cpu(1), second, 10), text);
      Generation third = engine.submit(request(Runs.join(second, text), 5));
      third.awaitAll();
      assertEquals(64, third.cachedTokens());
      CacheStatistics statistics = engine.cacheStatistics();
      assertEquals(new CacheStatistics(3, 1, 2, 40 + 70 + 80, 32 + 64, 2, 0, 0, 0), statistics);
      assertEquals(0, statistics.used());
    }
  }

  @Test
  void aPromptOfWholePagesIsComputedFromItsLastPageOn() throws Exception {
    try (Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
      int[] prompt = Runs.prompt(model, 64);
      int[] expected = Runs.greedy(engine, prompt, 5);
      Generation again = engine.submit(request(prompt, 5));
      assertArrayEquals(expected, again.awaitAll());
      assertEquals(32, again.cachedTokens());
    }
  }

  @Test
  void manyAnswersToOnePromptComputeItOnce() throws Exception {
    try (Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(2).withSequences(4))) {
      int[] prompt = Runs.prompt(model, 80);
      int[] expected = Runs.greedy(model, Runs.cpu(2), prompt, 12);
      List<Generation> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(engine.submit(request(prompt, 12)));
      }
      for (Generation generation : running) {
        assertArrayEquals(expected, generation.awaitAll());
      }
      assertTrue(engine.cacheStatistics().reusedTokens() >= 3 * 32, () -> cache(engine));
    }
  }

  private static String cache(InferenceEngine engine) {
    return engine.cacheStatistics().toString();
  }

  @Test
  void scoringInBetweenSpoilsNothing() throws Exception {
    try (Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
      int[] prompt = Runs.prompt(model, 70);
      int[] expected = Runs.greedy(engine, prompt, 8);
      for (int length : new int[] {20, 96, 40}) {
        int[] scored = Runs.prompt(model, length);
        assertArrayEquals(
            Runs.logits(model, Runs.cpu(1), scored), Runs.logits(engine, scored), "scored");
        assertArrayEquals(expected, Runs.greedy(engine, prompt, 8), "after " + length);
      }
    }
  }

  @Test
  void sequencesThatDoNotFitTogetherTakeTurns() throws Exception {
    try (Model model = model()) {
      List<int[]> alone = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        alone.add(Runs.greedy(model, Runs.cpu(1), Runs.prompt(model, 3 + i), 80));
      }
      EngineOptions small =
          Runs.cpu(1).withSequences(4).withCache(CacheOptions.DEFAULT.withTokens(128));
      try (InferenceEngine engine = InferenceEngine.open(model, small)) {
        List<Generation> running = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          running.add(engine.submit(request(Runs.prompt(model, 3 + i), 80)));
        }
        for (int i = 0; i < 6; i++) {
          assertArrayEquals(alone.get(i), running.get(i).awaitAll(), "sequence " + i);
        }
        assertTrue(engine.cacheStatistics().preemptions() > 0, () -> cache(engine));
        assertEquals(4, engine.cacheStatistics().pages());
      }
    }
  }

  @Test
  void aLostDeviceTakesTheCacheAlong() throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    EngineOptions split =
        Runs.cpu(1).withDevice(DeviceMode.AUTO).withHotShare(OptionalDouble.of(0.5));
    try (LogLines log = new LogLines();
        Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, split)) {
      int[] prompt = Runs.prompt(model, 70);
      int[] expected = Runs.greedy(model, Runs.cpu(1), prompt, 8);
      assertArrayEquals(expected, Runs.greedy(engine, prompt, 8));
      cuda.loseDevice(Fault.LAUNCH, 3);
      Generation during = engine.submit(request(prompt, 8));
      assertArrayEquals(expected, during.awaitAll());
      assertEquals(1, log.take().size());
      Generation after = engine.submit(request(prompt, 8));
      assertArrayEquals(expected, after.awaitAll());
      assertEquals(64, after.cachedTokens());
    } finally {
      cuda.reset();
    }
  }
}
