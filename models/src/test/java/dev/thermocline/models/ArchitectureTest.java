package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant of a block against a double-precision model written independently. */
class ArchitectureTest {
  @TempDir Path folder;

  static Stream<Arguments> models() {
    TinyModel gqa = TinyModel.llama();
    TinyModel mqaTied = TinyModel.llama();
    mqaTied.nKvHead = 1;
    mqaTied.tied = true;
    TinyModel biases = TinyModel.llama();
    biases.biases = true;
    TinyModel linear = TinyModel.llama();
    linear.ropeLinear = 4;
    TinyModel factors = TinyModel.llama();
    factors.ropeFactors = new float[] {1, 1.5f, 4, 8};
    factors.ropeBase = 500000;
    TinyModel wideHeads = TinyModel.llama();
    wideHeads.headSize = 16;
    wideHeads.ropeDimensions = 8;
    TinyModel powerInfer = TinyModel.llama();
    powerInfer.powerInfer = true;
    powerInfer.biases = true;
    TinyModel quantized = TinyModel.llama();
    quantized.format = TensorFormats.Q4_0;
    TinyModel nemotron = TinyModel.nemotron();
    TinyModel nemotronBiases = TinyModel.nemotron();
    nemotronBiases.biases = true;
    nemotronBiases.tied = true;
    nemotronBiases.format = TensorFormats.Q8_0;
    return Stream.of(
        Arguments.of("gqa", gqa),
        Arguments.of("mqa, tied", mqaTied),
        Arguments.of("biases", biases),
        Arguments.of("linear rope", linear),
        Arguments.of("rope factors", factors),
        Arguments.of("wide heads, partial rope", wideHeads),
        Arguments.of("PowerInfer", powerInfer),
        Arguments.of("Q4_0", quantized),
        Arguments.of("nemotron", nemotron),
        Arguments.of("nemotron with biases", nemotronBiases));
  }

  static Stream<Arguments> modelsAndBackends() {
    return models()
        .flatMap(model ->
            Arrays.stream(Backend.values())
                .map(backend -> Arguments.of(model.get()[0], model.get()[1], backend)));
  }

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("modelsAndBackends")
  void logitsEqualTheDoubleModel(String name, TinyModel tiny, Backend backend) throws IOException {
    int[] tokens = new Random(7).ints(40, 0, tiny.nVocab).toArray();
    try (Model model = Model.open(tiny.write(folder));
        Backend.Open open = backend.open();
        ForwardPass pass = new ForwardPass(model, open.kernels(), tokens.length)) {
      double[][] expected = new DoubleModel(tiny, model.gguf()).logits(tokens);
      float[] found = pass.forward(tokens);
      double max = 0;
      for (int i = 0; i < found.length; i++) {
        double reference = expected[i / tiny.nVocab][i % tiny.nVocab];
        max = Math.max(max, Math.abs(reference - found[i]));
      }
      assertTrue(max < 1e-4, name + " on " + backend + ": max error " + max);
    }
  }

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("modelsAndBackends")
  void aBatchEqualsItsTokensOneByOne(String name, TinyModel tiny, Backend backend)
      throws IOException {
    // The oracle computes every token alone; the vector backend sums in another order for a batch,
    // so there the bound is that of each against the double model.
    float tolerance = backend == Backend.REFERENCE ? Float.MIN_VALUE : 1e-4f;
    int[] tokens = new Random(8).ints(40, 0, tiny.nVocab).toArray();
    try (Model model = Model.open(tiny.write(folder));
        Backend.Open open = backend.open();
        ForwardPass whole = new ForwardPass(model, open.kernels(), tokens.length);
        ForwardPass chunks = new ForwardPass(model, open.kernels(), tokens.length);
        ForwardPass single = new ForwardPass(model, open.kernels(), 1)) {
      float[] expected = whole.forward(tokens);
      assertArrayEquals(expected, single.forwardOneByOne(tokens), tolerance);
      chunks.forward(Arrays.copyOf(tokens, 33));
      float[] last = chunks.forward(Arrays.copyOfRange(tokens, 33, 40));
      assertArrayEquals(
          Arrays.copyOfRange(expected, 33 * tiny.nVocab, 40 * tiny.nVocab), last, tolerance);
    }
  }

  @Test
  void tensorsDecideAboutReglu() throws IOException {
    TinyModel tiny = TinyModel.llama();
    try (Model model = Model.open(tiny.write(folder))) {
      assertEquals(ActivationFunction.SILU, model.config().activation());
    }
    tiny.powerInfer = true;
    tiny.seed = 2;
    try (Model model = Model.open(tiny.write(folder))) {
      assertEquals("PWRI", model.gguf().magic());
      assertEquals(ActivationFunction.RELU, model.config().activation());
      var predictor = model.feedForwardWeights(1).predictor();
      assertEquals(32, java.util.Objects.requireNonNull(predictor).fc1().rows());
    }
  }

  @Test
  void aFileMayNameItsActivation() throws IOException {
    Path file = folder.resolve("named.gguf");
    TinyModel tiny = TinyModel.llama();
    tiny.powerInfer = true;
    tiny.writer().put("llama.hidden_activation", "silu").write(file);
    try (Model model = Model.open(file)) {
      assertEquals(ActivationFunction.SILU, model.config().activation());
    }
    tiny.writer().put("llama.hidden_activation", "tanh").write(file);
    assertThrows(UnsupportedModelException.class, () -> Model.open(file));
  }

  @Test
  void anUnknownArchitectureIsRefusedWithTheKnownOnes() throws IOException {
    Path file = folder.resolve("odd.gguf");
    new GgufWriter().put("general.architecture", "perceptron").write(file);
    String message =
        assertThrows(UnsupportedModelException.class, () -> Model.open(file)).getMessage();
    assertTrue(message.contains("perceptron") && message.contains("nemotron"), message);
  }

  @Test
  void keysThatTheTensorsDoNotBearOutAreRefused() throws IOException {
    Path file = folder.resolve("claims.gguf");
    TinyModel.llama().writer().put("llama.feed_forward_length", 1 << 20).write(file);
    String message = assertThrows(GgufFormatException.class, () -> Model.open(file)).getMessage();
    assertTrue(message.contains("blk.0.ffn_up.weight"), message);
  }

  @Test
  void aMissingKeyIsNamed() throws IOException {
    Path file = folder.resolve("missing.gguf");
    new GgufWriter().put("general.architecture", "llama").write(file);
    String message = assertThrows(GgufFormatException.class, () -> Model.open(file)).getMessage();
    assertTrue(message.contains("llama.embedding_length"), message);
  }
}
