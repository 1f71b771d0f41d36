package dev.thermocline.models.quantize;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufTensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantized weights beside those of llama.cpp's quantizer, where the golden data lies. */
@EnabledIfSystemProperty(named = "thermocline.shared", matches = ".+")
class GoldenQuantizerTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("thermocline.shared", ".")).resolve("golden");

  /** Largest root mean squared error, in units of the peer's. */
  private static final double LIMIT = 1.05;

  static Stream<EncodableFormat> formats() {
    return TensorFormats.encodable().stream()
        .filter(f -> Files.exists(GOLDEN.resolve("dequant/" + f + ".src.f32")));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void blocksAreAsGoodAsThePeers(EncodableFormat format) throws IOException {
    float[] source = floats(GOLDEN.resolve("dequant/" + format + ".src.f32"));
    float[] peer = floats(GOLDEN.resolve("dequant/" + format + ".f32"));
    check(format.toString(), source, peer, encoded(format, source));
  }

  /** Every matrix of the peer's files, quantized by us from the file that they came from. */
  @ParameterizedTest
  @ValueSource(strings = {"q8_0", "q4_0", "q5_0", "q4_k_m", "q6_k"})
  void modelsAreAsGoodAsThePeers(String name) throws IOException {
    try (GgufFile source = GgufFile.open(GOLDEN.resolve("models/llama-q-f16.gguf"));
        GgufFile peer = GgufFile.open(GOLDEN.resolve("models/llama-q-" + name + ".gguf"))) {
      for (GgufTensorInfo info : peer.tensors()) {
        Tensor theirs = peer.tensor(info.name());
        if (theirs.rows() > 1 && theirs.format() instanceof EncodableFormat format) {
          float[] values = decoded(source.tensor(info.name()));
          check(name + " " + theirs, values, decoded(theirs), encoded(format, values));
        }
      }
    }
  }

  private static float[] decoded(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    tensor.format().decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  private static float[] encoded(EncodableFormat format, float[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[(int) format.bytes(values.length)]);
    format.encode(values, 0, values.length, data, 0);
    float[] decoded = new float[values.length];
    format.decode(data, 0, decoded, 0, decoded.length);
    return decoded;
  }

  private static void check(String name, float[] source, float[] peer, float[] ours) {
    double theirError = 0;
    double ourError = 0;
    for (int i = 0; i < source.length; i++) {
      theirError += Math.pow((double) source[i] - peer[i], 2);
      ourError += Math.pow((double) source[i] - ours[i], 2);
    }
    double ratio = Math.sqrt(ourError / theirError);
    System.out.printf("quantize %-48s rms error %.4f of the peer's%n", name, ratio);
    assertTrue(ratio <= LIMIT, name + ": " + ratio);
  }

  private static float[] floats(Path file) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
    return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
