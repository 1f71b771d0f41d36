package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.engine.schedule.Sequence;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A full context goes on as the policy says, in constant memory. */
@Timeout(120)
class ContextShiftTest {
  private static final int KEEP = 5;

  @TempDir Path folder;

  private static EngineOptions shifting(int keep) {
    return Runs.cpu(1).withContext(0).withCache(CacheOptions.DEFAULT.withShift(keep));
  }

  /** One sequence, token by token, with the logits of each. */
  private static final class Stream implements AutoCloseable {
    private final EngineRunner runner;
    private final Scheduler scheduler;
    private final Sequence sequence;
    private final int keep;

    Stream(Model model, EngineOptions options, int first) {
      runner = EngineRunner.load(model, options);
      scheduler = new Scheduler(runner.pages(), options.batch(), runner.rotary());
      Sampler unused = new Sampler(SamplingParams.greedy(), 10);
      sequence = new Sequence(new int[] {first}, runner.context(), unused);
      keep = options.cache().keep();
      scheduler.admit(sequence);
    }

    float[] logits() {
      do {
        runner.runner().forward(scheduler.next());
        scheduler.computed();
      } while (scheduler.finishingCount() == 0);
      HostActivations logits = runner.runner().logits(scheduler.finishingRows(), 0, 1);
      return Arrays.copyOf(logits.values(), logits.cols());
    }

    void append(int token) {
      sequence.append(token);
      if (sequence.isFull()) {
        scheduler.shift(sequence, keep, runner.runner());
      }
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  /** All rotary models, YaRN and long factors, windows, partly turned heads, layers without. */
  @ParameterizedTest
  @MethodSource("dev.thermocline.models.TinyArchitectures#names")
  void deepModelsGoOnAsTheOracleDoes(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      if (model.positionLimit() < Integer.MAX_VALUE) {
        return;
      }
      SplittableRandom random = new SplittableRandom(3);
      int token = random.nextInt(model.config().nVocab());
      try (Stream stream = new Stream(model, shifting(KEEP), token);
          ShiftOracle oracle = new ShiftOracle(model, stream.runner.context(), KEEP)) {
        for (int i = 0; i < 150; i++) {
          double difference = Runs.difference(oracle.forward(token), stream.logits());
          assertTrue(difference < 5e-5, name + ", token " + i + ": " + difference);
          token = random.nextInt(model.config().nVocab());
          stream.append(token);
        }
        assertTrue(stream.scheduler.counters().read().shifts() >= 3);
      }
    }
  }

  /** Where nothing but the token itself is in a value, nothing is left of what was dropped. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "phi2", "gptneox", "qwen3", "phi3-longrope"})
  void oneLayerGoesOnAsAFreshText(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.writeOneLayer(name, folder))) {
      goesOnAsAFreshText(model, shifting(KEEP), 5e-5);
    }
  }

  /** Learned positions: what moves is computed again. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "opt"})
  void learnedPositionsGoOnAsAFreshText(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      goesOnAsAFreshText(model, shifting(KEEP), 5e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({"F16, 5e-3", "Q8_0, 5e-2"})
  void smallerCachesAreTurnedToo(KvFormat format, double tolerance) throws Exception {
    try (Model model = Model.open(TinyArchitectures.writeOneLayer("llama", folder))) {
      CacheOptions cache = CacheOptions.DEFAULT.withShift(KEEP).withFormat(format);
      goesOnAsAFreshText(model, shifting(KEEP).withCache(cache), tolerance);
    }
  }

  private static void goesOnAsAFreshText(Model model, EngineOptions options, double tolerance) {
    SplittableRandom random = new SplittableRandom(5);
    try (Stream stream = new Stream(model, options, 7)) {
      for (int i = 0; i < 100; i++) {
        float[] logits = stream.logits();
        if (i > 60) {
          int[] left = Arrays.copyOf(stream.sequence.tokens(), stream.sequence.length());
          float[] fresh = Runs.logits(model, Runs.cpu(1).withContext(0), left);
          float[] last = Arrays.copyOfRange(fresh, fresh.length - logits.length, fresh.length);
          double difference = Runs.difference(last, logits);
          assertTrue(difference < tolerance, "token " + i + ": " + difference);
        }
        stream.append(random.nextInt(model.config().nVocab()));
      }
    }
  }

  private Model model() throws Exception {
    return Model.open(TestModels.nemotron(folder, TensorFormats.F16));
  }

  private static GenerationRequest request(int[] prompt, int tokens) {
    return new GenerationRequest(prompt, tokens, SamplingParams.greedy(), true);
  }

  @Test
  void withoutTheFlagAFullContextEndsTheText() throws Exception {
    try (Model model = model();
        InferenceEngine engine = InferenceEngine.open(model, Runs.cpu(1))) {
      Generation ends = engine.submit(request(Runs.prompt(model, 40), 1000));
      assertEquals(56, ends.awaitAll().length);
      assertEquals(FinishReason.LENGTH, ends.finish());
    }
  }

  @Test
  void sequencesThatShareABeginningShiftWithoutSpoilingIt() throws Exception {
    try (Model model = model()) {
      EngineOptions options = Runs.cpu(1).withCache(CacheOptions.DEFAULT.withShift(40));
      int[] prompt = Runs.prompt(model, 80);
      int[] expected = Runs.greedy(model, options, prompt, 150);
      try (InferenceEngine engine = InferenceEngine.open(model, options.withSequences(3))) {
        Generation first = engine.submit(request(prompt, 150));
        first.await(0);
        Generation second = engine.submit(request(prompt, 150));
        Generation third = engine.submit(request(prompt, 150));
        assertArrayEquals(expected, first.awaitAll());
        assertArrayEquals(expected, second.awaitAll());
        assertArrayEquals(expected, third.awaitAll());
        Generation again = engine.submit(request(prompt, 150));
        assertArrayEquals(expected, again.awaitAll());
        assertEquals(32, again.cachedTokens(), "what is kept whole");
        assertTrue(engine.cacheStatistics().shifts() >= 8);
        assertEquals(0, engine.cacheStatistics().used());
      }
    }
  }

  @Test
  void thePromptMayBeKept() throws Exception {
    try (Model model = model();
        InferenceEngine engine =
            InferenceEngine.open(
                model,
                Runs.cpu(1).withCache(CacheOptions.DEFAULT.withShift(CacheOptions.KEEP_PROMPT)))) {
      assertEquals(300, engine.submit(request(Runs.prompt(model, 95), 300)).awaitAll().length);
      assertEquals(300, engine.submit(request(Runs.prompt(model, 20), 300)).awaitAll().length);
    }
  }

  @Test
  void onTheDeviceAndAfterItsLossTheTextGoesOn() throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    try (LogLines log = new LogLines();
        Model model = model()) {
      EngineOptions cpu = Runs.cpu(1).withCache(CacheOptions.DEFAULT.withShift(KEEP));
      EngineOptions split =
          cpu.withDevice(DeviceMode.AUTO).withPlacement(HybridContract.random(model, 4));
      int[] prompt = Runs.prompt(model, 80);
      int[] expected = Runs.greedy(model, cpu, prompt, 80);
      try (InferenceEngine engine = InferenceEngine.open(model, split)) {
        assertArrayEquals(expected, Runs.greedy(engine, prompt, 80));
        cuda.loseDevice(Fault.LAUNCH, 400);
        assertEquals(80, Runs.greedy(engine, prompt, 80).length);
        assertEquals(1, log.take().size());
      }
    } finally {
      cuda.reset();
    }
  }

  @Test
  void tenThousandTokensTakeNoMoreMemoryThanAThousand() throws Exception {
    try (Model model = model();
        InferenceEngine engine =
            InferenceEngine.open(model, shifting(KEEP).withThreads(2).withContext(128))) {
      Generation generation = engine.submit(request(Runs.prompt(model, 20), 10_000));
      generation.await(1_000);
      long early = heap();
      long cache = engine.runner().runner().layers().cacheBytes();
      assertEquals(10_000, generation.awaitAll().length);
      assertEquals(FinishReason.LENGTH, generation.finish());
      long late = heap();
      assertTrue(late - early < 1 << 20, early + " bytes, then " + late);
      assertEquals(cache, engine.runner().runner().layers().cacheBytes());
      CacheStatistics after = engine.cacheStatistics();
      assertEquals(4, after.pages());
      assertTrue(after.shifts() > 100, after::toString);
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Requests of one engine that keep more or less, as engines would whose options say so. */
  @Test
  void aRequestMaySayHowMuchStays() throws Exception {
    try (Model model = Model.open(TestModels.reglu(folder, TensorFormats.F32))) {
      int[] prompt = Runs.prompt(model, 20);
      EngineOptions options = Runs.cpu(1).withContext(64).withSequences(3);
      int[][] expected = new int[3][];
      int[] keeps = {4, 17, CacheOptions.KEEP_PROMPT};
      for (int i = 0; i < keeps.length; i++) {
        expected[i] =
            Runs.greedy(
                model, options.withCache(CacheOptions.DEFAULT.withShift(keeps[i])), prompt, 150);
      }
      assertFalse(Arrays.equals(expected[0], expected[1]));
      try (InferenceEngine engine =
          InferenceEngine.open(model, options.withCache(CacheOptions.DEFAULT.withShift(4)))) {
        GenerationRequest request =
            new GenerationRequest(prompt, 150, SamplingParams.greedy(), true);
        for (int i = 0; i < keeps.length; i++) {
          assertArrayEquals(expected[i], engine.submit(request.withKeep(keeps[i])).awaitAll());
        }
        assertArrayEquals(expected[0], engine.submit(request).awaitAll());
      }
    }
  }
}
