package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A text goes on in another engine from a file as if it had been computed there. */
@Timeout(60)
class PromptCacheTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("prompt.cache");
  }

  private static GenerationRequest request(int[] prompt, int tokens) {
    return new GenerationRequest(prompt, tokens, SamplingParams.greedy(), true);
  }

  private static EngineOptions options(KvFormat format) {
    return Runs.cpu(1).withCache(CacheOptions.DEFAULT.withFormat(format));
  }

  private Model model() throws IOException {
    return Model.open(TestModels.nemotron(folder, TensorFormats.F16));
  }

  /** Computes a prompt of 70 tokens and stores it. */
  private int[] store(Model model, EngineOptions options) throws Exception {
    int[] prompt = Runs.prompt(model, 70);
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      Runs.greedy(engine, prompt, 4);
      assertEquals(64, engine.saveCache(prompt, file));
      assertEquals(0, engine.cacheStatistics().used());
    }
    return prompt;
  }

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void anotherEngineStartsFromTheFile(KvFormat format) throws Exception {
    try (Model model = model()) {
      int[] prompt = store(model, options(format));
      int[] other = prompt.clone();
      other[50]++;
      int[] expected = Runs.greedy(model, options(format), prompt, 10);
      int[] expectedOther = Runs.greedy(model, options(format), other, 10);
      try (InferenceEngine engine = InferenceEngine.open(model, options(format))) {
        assertArrayEquals(Arrays.copyOf(prompt, 64), engine.loadCache(file));
        Generation same = engine.submit(request(prompt, 10));
        assertArrayEquals(expected, same.awaitAll());
        assertEquals(64, same.cachedTokens());
        Generation differs = engine.submit(request(other, 10));
        assertArrayEquals(expectedOther, differs.awaitAll());
        assertEquals(32, differs.cachedTokens());
      }
    }
  }

  @Test
  void aDeviceReadsWhatTheProcessorWroteAndTheOtherWayRound() throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    try (Model model = model()) {
      EngineOptions device =
          Runs.cpu(1).withDevice(DeviceMode.CUDA).withPlacement(HybridContract.random(model, 4));
      for (EngineOptions writes : new EngineOptions[] {device, options(KvFormat.F32)}) {
        int[] prompt = store(model, writes);
        int[] expected = Runs.greedy(model, options(KvFormat.F32), prompt, 10);
        for (EngineOptions reads : new EngineOptions[] {device, options(KvFormat.F32)}) {
          try (InferenceEngine engine = InferenceEngine.open(model, reads)) {
            engine.loadCache(file);
            assertArrayEquals(expected, Runs.greedy(engine, prompt, 10));
            assertEquals(64, engine.cacheStatistics().reusedTokens());
          }
        }
      }
    } finally {
      cuda.reset();
    }
  }

  @Test
  void aFileOfSomethingElseIsRefusedAndTheEngineGoesOn() throws Exception {
    try (Model model = model();
        Model other = Model.open(TestModels.reglu(folder, TensorFormats.Q4_0))) {
      int[] prompt = store(model, options(KvFormat.F32));
      assertEquals("prompt.cache: made with another model", refusal(other, KvFormat.F32));
      assertEquals("prompt.cache: made with another cache type", refusal(model, KvFormat.Q8_0));
      byte[] good = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(good, good.length - 1));
      assertTrue(refusal(model, KvFormat.F32).startsWith("prompt.cache: damaged: 64 tokens in"));
      good[good.length - 100] ^= 1;
      Files.write(file, good);
      try (InferenceEngine engine = InferenceEngine.open(model, options(KvFormat.F32))) {
        PromptCacheException refused =
            assertThrows(PromptCacheException.class, () -> engine.loadCache(file));
        assertEquals("prompt.cache: damaged: its checksum does not match", refused.getMessage());
        assertFalse(refused.isForeign());
        Generation fresh = engine.submit(request(prompt, 5));
        assertEquals(5, fresh.awaitAll().length);
        assertEquals(0, fresh.cachedTokens());
      }
      Files.writeString(file, "a text of somebody");
      try (InferenceEngine engine = InferenceEngine.open(model, options(KvFormat.F32))) {
        PromptCacheException foreign =
            assertThrows(PromptCacheException.class, () -> engine.loadCache(file));
        assertTrue(foreign.isForeign());
        assertThrows(
            IOException.class, () -> engine.saveCache(prompt, folder.resolve("no/such/folder")));
      }
    }
  }

  private String refusal(Model model, KvFormat format) {
    try (InferenceEngine engine = InferenceEngine.open(model, options(format))) {
      return assertThrows(PromptCacheException.class, () -> engine.loadCache(file)).getMessage();
    }
  }

  @Test
  void aTextLongerThanTheCacheIsTakenAsFarAsThereIsRoom() throws Exception {
    try (Model model = model()) {
      int[] prompt = store(model, options(KvFormat.F32));
      EngineOptions small = options(KvFormat.F32).withContext(40);
      try (InferenceEngine engine = InferenceEngine.open(model, small)) {
        engine.loadCache(file);
        Generation begins = engine.submit(request(Arrays.copyOf(prompt, 35), 3));
        begins.awaitAll();
        assertEquals(32, begins.cachedTokens());
      }
    }
  }
}
