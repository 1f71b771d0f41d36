package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgmlType;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufWriter;
import dev.thermocline.models.layers.Workspace;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.models.tokenizer.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers that other engines computed, where the system property says where they lie. */
@EnabledIfSystemProperty(named = "thermocline.shared", matches = ".+")
class GoldenDataTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("thermocline.shared", ".")).resolve("golden");

  private static final List<String> DENSE =
      List.of(
          "stories260K-f32",
          "stories260K-f32-prompt5",
          "stories260K-q8_0",
          "stories260K-q8_0-prompt5",
          "llama-gqa",
          "llama-mha-tied",
          "llama-bias",
          "llama-ropelinear",
          "llama31-mqa-tied",
          "llama-q-f16",
          "llama-q-bf16",
          "llama-q-q8_0",
          "llama-q-q4_0",
          "llama-q-q5_0",
          "llama-q-q3_k_m",
          "llama-q-q4_k_m",
          "llama-q-q6_k",
          "llama-q-iq4_nl",
          "nemotron",
          "qwen2",
          "qwen3",
          "gemma2-2b",
          "phi3-swa",
          "falcon-7b",
          "gpt2",
          "starcoder2",
          "llama-moe",
          "llama-moe-q-q8_0",
          "arcee",
          "granite",
          "smollm3",
          "minicpm",
          "smallthinker",
          "gpt-oss",
          "bamboo-dense-f32",
          "default-q8_0");

  private static final List<String> PREDICTED = List.of("pwri-llama-f16", "pwri-llama-q4_0");

  static Stream<Arguments> dense() {
    return onEveryBackend(DENSE);
  }

  static Stream<Arguments> predicted() {
    return onEveryBackend(PREDICTED);
  }

  private static Stream<Arguments> onEveryBackend(List<String> names) {
    return names.stream()
        .flatMap(name -> Arrays.stream(Backend.values()).map(b -> Arguments.of(name, b)));
  }

  @ParameterizedTest
  @MethodSource("dense")
  void logitsAreWithinTheTolerance(String name, Backend backend) throws IOException {
    Map<String, Object> test = Json.read(GOLDEN.resolve("logits/" + name + ".json"));
    int[] tokens = Json.ints(test.get("tokens"));
    try (Model model = Model.open(GOLDEN.resolve((String) test.get("model")));
        Backend.Open open = backend.open();
        ForwardPass pass = new ForwardPass(model, open.kernels(), tokens.length)) {
      check(name + " on " + backend, test, pass.forward(tokens));
    }
  }

  private static void check(String name, Map<String, Object> test, float[] logits)
      throws IOException {
    float[] expected = floats(GOLDEN.resolve((String) map(test, "float").get("logits")));
    double tolerance = (Double) map(test, "tolerance").get("float_activations_max_abs_vs_float");
    double error = maxError(expected, logits);
    System.out.printf("logits %-37s max error %.3g of %.3g%n", name, error, tolerance);
    assertTrue(error <= tolerance, name + ": " + error + " > " + tolerance);
  }

  @ParameterizedTest
  @MethodSource("predicted")
  void predictedNeuronsGiveTheLogitsOfPowerInfer(String name, Backend backend) throws IOException {
    Map<String, Object> test = Json.read(GOLDEN.resolve("logits/" + name + ".json"));
    int[] tokens = Json.ints(test.get("tokens"));
    try (Model model = Model.open(GOLDEN.resolve((String) test.get("model")));
        Backend.Open open = backend.open();
        ForwardPass pass =
            new ForwardPass(
                model,
                open.kernels(),
                tokens.length,
                new Workspace(open.kernels(), model.config(), tokens.length),
                layer ->
                    new PredictedFeedForward(
                        open.kernels(), model.feedForwardWeights(layer), tokens.length))) {
      check(name + " on " + backend, test, pass.forward(tokens));
    }
  }

  static Stream<String> blocks() throws IOException {
    return Json.read(GOLDEN.resolve("dequant/index.json")).keySet().stream()
        .filter(name -> TensorFormats.byGgufId(GgmlType.valueOf(name).id()).isPresent());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void blocksDecodeExactly(String name) throws IOException {
    byte[] blocks = Files.readAllBytes(GOLDEN.resolve("dequant/" + name + ".bin"));
    float[] expected = floats(GOLDEN.resolve("dequant/" + name + ".f32"));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    new GgufWriter()
        .tensor(
            name,
            GgmlType.valueOf(name),
            List.of((long) expected.length),
            channel -> channel.write(ByteBuffer.wrap(blocks)))
        .write(Channels.newChannel(file));
    try (GgufFile gguf = GgufFile.of(MemorySegment.ofArray(file.toByteArray()))) {
      float[] decoded = new float[expected.length];
      gguf.tensor(name).decodeRow(0, decoded, 0);
      assertArrayEquals(expected, decoded);
    }
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void tokensAreExact(String name) throws IOException {
    Map<String, Object> test = Json.read(GOLDEN.resolve("tokenizers/" + name + ".json"));
    Object file = test.getOrDefault("file", "models/stories260K-f32.gguf");
    try (GgufFile gguf = GgufFile.open(GOLDEN.resolve((String) file))) {
      Tokenizer tokenizer = Tokenizers.of(gguf.metadata());
      List<String> wrong = new ArrayList<>();
      for (Object row : (List<?>) Objects.requireNonNull(test.get("rows"))) {
        checkRow(tokenizer, (Map<?, ?>) row, wrong);
      }
      assertEquals(List.of(), wrong);
    }
  }

  static Stream<String> vocabularies() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN.resolve("tokenizers"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - 5))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static void checkRow(Tokenizer tokenizer, Map<?, ?> row, List<String> wrong) {
    if ("invalid_utf8".equals(row.get("category"))) {
      return; // the golden data calls these optional
    }
    byte[] text = HexFormat.of().parseHex((String) row.get("hex"));
    int[] plain = tokenizer.encode(text, false, false);
    int[] special = tokenizer.encode(text, true, false);
    int[] full = tokenizer.encode(text, true, true);
    String where = row.get("category") + " " + row.get("id") + " ";
    compare(where + "plain", Json.ints(row.get("plain")), plain, wrong);
    compare(where + "special", Json.ints(row.get("special")), special, wrong);
    compare(where + "full", Json.ints(row.get("full")), full, wrong);
    compareText(where + "plain text", row.get("plain_text_hex"), tokenizer, plain, wrong);
    compareText(where + "special text", row.get("special_text_hex"), tokenizer, special, wrong);
  }

  private static void compare(String where, int[] expected, int[] found, List<String> wrong) {
    if (!Arrays.equals(expected, found)) {
      wrong.add(where + Arrays.toString(expected) + " but " + Arrays.toString(found));
    }
  }

  private static void compareText(
      String where, Object hex, Tokenizer tokenizer, int[] ids, List<String> wrong) {
    String found = tokenizer.decode(ids, true);
    String expected =
        new String(HexFormat.of().parseHex(String.valueOf(hex)), StandardCharsets.UTF_8);
    // The peer takes spaces before punctuation away again, except where texts begin with one.
    boolean exact = tokenizer.addsSpacePrefix();
    if (!(exact ? found.equals(expected) : squeezed(found).equals(squeezed(expected)))) {
      wrong.add(where + " " + expected + " but " + found);
    }
  }

  private static String squeezed(String text) {
    return text.replace(" ", "");
  }

  private static double maxError(float[] expected, float[] found) {
    assertEquals(expected.length, found.length);
    double max = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) expected[i] - found[i]);
      max = error <= max ? max : error;
    }
    return max;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> of, String key) {
    return (Map<String, Object>) Objects.requireNonNull(of.get(key));
  }

  private static float[] floats(Path file) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
    return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
