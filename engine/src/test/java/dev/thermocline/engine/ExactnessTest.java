package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not change a result: skipping zeros, threads, batches, chunks of a prompt. */
class ExactnessTest {
  /** Of the largest logit: sums of the same products in another order, through three layers. */
  private static final double ROUNDING = 2e-5;

  @TempDir Path folder;

  @Test
  void skippingZerosChangesNoBitOnNeuronMajorFiles() throws Exception {
    for (Path file :
        List.of(
            TestModels.reglu(folder, TensorFormats.Q4_0),
            TestModels.reglu(folder, TensorFormats.F16))) {
      try (Model model = Model.open(file)) {
        int[] tokens = Runs.prompt(model, 24);
        EngineOptions one = Runs.cpu(2).withBatch(1);
        float[] dense = Runs.logits(model, one.withSparse(SparseMode.OFF), tokens);
        assertArrayEquals(dense, Runs.logits(model, one.withSparse(SparseMode.EXACT), tokens));
      }
    }
  }

  @Test
  void exactEqualsDenseOnTransposedFiles() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.F32))) {
      int[] tokens = Runs.prompt(model, 40);
      float[] dense = Runs.logits(model, Runs.cpu(2).withSparse(SparseMode.OFF), tokens);
      float[] exact = Runs.logits(model, Runs.cpu(2).withSparse(SparseMode.EXACT), tokens);
      assertTrue(Runs.difference(dense, exact) < ROUNDING);
    }
    try (Model model = Model.openDefault()) {
      int[] prompt = model.tokenizer().encode("Once upon a time", false, true);
      EngineOptions options = Runs.cpu(2);
      assertArrayEquals(
          Runs.greedy(model, options.withSparse(SparseMode.OFF), prompt, 40),
          Runs.greedy(model, options.withSparse(SparseMode.EXACT), prompt, 40));
    }
  }

  @Test
  void threadsChangeNoBit() throws Exception {
    for (Path file :
        List.of(
            TestModels.reglu(folder, TensorFormats.Q8_0),
            TestModels.powerInfer(folder, TensorFormats.F16),
            TestModels.nemotron(folder, TensorFormats.BF16),
            TestModels.swiglu(folder, TensorFormats.Q8_0))) {
      try (Model model = Model.open(file)) {
        int[] tokens = Runs.prompt(model, 33);
        float[] one = Runs.logits(model, Runs.cpu(1), tokens);
        assertArrayEquals(one, Runs.logits(model, Runs.cpu(2), tokens), file.toString());
        assertArrayEquals(one, Runs.logits(model, Runs.cpu(3), tokens), file.toString());
      }
    }
  }

  @Test
  void chunksOfAPromptAgree() throws Exception {
    try (Model model = Model.open(TestModels.reglu(folder, TensorFormats.F32))) {
      int[] tokens = Runs.prompt(model, 50);
      float[] whole = Runs.logits(model, Runs.cpu(2).withBatch(64), tokens);
      for (int batch : new int[] {1, 7, 16}) {
        float[] chunked = Runs.logits(model, Runs.cpu(2).withBatch(batch), tokens);
        assertTrue(Runs.difference(whole, chunked) < ROUNDING, "batch " + batch);
      }
    }
  }

  @Test
  void aBatchEqualsItsSequencesAlone() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.Q8_0));
        InferenceEngine engine =
            InferenceEngine.open(model, Runs.cpu(2).withSequences(4).withBatch(8))) {
      List<int[]> alone = new ArrayList<>();
      for (int length = 3; length < 9; length++) {
        alone.add(Runs.greedy(engine, Runs.prompt(model, length), 20));
      }
      List<Generation> together = new ArrayList<>();
      for (int length = 3; length < 9; length++) {
        together.add(
            engine.submit(
                new GenerationRequest(
                    Runs.prompt(model, length), 20, SamplingParams.greedy(), true)));
      }
      for (int i = 0; i < together.size(); i++) {
        assertArrayEquals(alone.get(i), together.get(i).awaitAll(), "sequence " + i);
      }
    }
  }

  @Test
  void aSmallerCacheIsClose() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.F16))) {
      int[] tokens = Runs.prompt(model, 40);
      float[] full = Runs.logits(model, Runs.cpu(2), tokens);
      assertTrue(Runs.difference(full, Runs.logits(model, cache(KvFormat.F16), tokens)) < 5e-3);
      assertTrue(Runs.difference(full, Runs.logits(model, cache(KvFormat.Q8_0), tokens)) < 3e-2);
    }
  }

  private static EngineOptions cache(KvFormat format) {
    return Runs.cpu(2).withCache(CacheOptions.DEFAULT.withFormat(format));
  }
}
