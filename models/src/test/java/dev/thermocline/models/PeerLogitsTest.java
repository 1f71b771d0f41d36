package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture that llama.cpp has, on a tiny random model, against the logits that it gave at
 * every position ({@code src/test/peer}).
 */
class PeerLogitsTest {
  private static final double ROUNDING = 1e-4;

  /** The peer's GELU goes through a table of float16 values. */
  private static final double COARSE_GELU = 5e-3;

  private static final Set<String> WITH_GELU =
      Set.of(
          "falcon-7b",
          "falcon-40b",
          "gemma",
          "gemma2",
          "gemma3",
          "gemma3-global",
          "gemma3-pattern",
          "gpt2",
          "gptneox",
          "gptneox-sequential",
          "phi2",
          "starcoder2");

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return TinyArchitectures.names().stream()
        .filter(name -> PeerLogitsTest.class.getResource(resource(name)) != null)
        .flatMap(name -> Stream.of(Backend.values()).map(b -> Arguments.of(name, b)));
  }

  private static String resource(String name) {
    return "peer/" + name + ".f32";
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("models")
  void logitsAreThoseOfThePeer(String name, Backend backend) throws IOException {
    float[] expected = expected(name);
    int[] tokens = new int[expected.length / TinyWriter.VOCABULARY];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (i * 37 + 11) % TinyWriter.VOCABULARY;
    }
    try (Model model = Model.open(TinyArchitectures.write(name, folder));
        Backend.Open open = backend.open();
        ForwardPass pass = new ForwardPass(model, open.kernels(), tokens.length)) {
      float[] found = pass.forward(tokens);
      assertEquals(expected.length, found.length);
      double max = 0;
      for (int i = 0; i < found.length; i++) {
        double error = Math.abs((double) expected[i] - found[i]);
        max = error <= max ? max : error;
      }
      System.out.printf("%-20s %-9s max error %.2g%n", name, backend, max);
      double tolerance = WITH_GELU.contains(name) ? COARSE_GELU : ROUNDING;
      assertTrue(max <= tolerance, name + ": " + max + " > " + tolerance);
    }
  }

  private static float[] expected(String name) throws IOException {
    try (InputStream in = PeerLogitsTest.class.getResourceAsStream(resource(name))) {
      MemorySegment bytes =
          MemorySegment.ofArray(java.util.Objects.requireNonNull(in).readAllBytes());
      return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }
}
