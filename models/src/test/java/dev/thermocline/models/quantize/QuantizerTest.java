package dev.thermocline.models.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.gguf.GgmlType;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizerTest {
  private static final int LAYERS = 8;

  @TempDir Path folder;

  private final Random random = new Random(1);

  private void add(GgufWriter writer, String name, EncodableFormat format, int rows, int cols) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.02f;
    }
    MemorySegment data = MemorySegment.ofArray(new byte[(int) format.bytes(values.length)]);
    format.encode(values, 0, values.length, data, 0);
    writer.tensor(new Tensor(name, format, new Shape(rows, cols), data));
  }

  /** A file with the tensors of a small llama, its matrices in {@code format}. */
  private Path model(EncodableFormat format, boolean tied) throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .put("general.architecture", "llama")
            .put("general.file_type", 0)
            .put("llama.block_count", LAYERS)
            .put("tokens", GgufValue.strings(List.of("a", "b")))
            .put("general.alignment", 32);
    add(writer, "token_embd.weight", format, 40, 256);
    for (int l = 0; l < LAYERS; l++) {
      String prefix = "blk." + l + ".";
      add(writer, prefix + "attn_norm.weight", TensorFormats.F32, 1, 256);
      add(writer, prefix + "attn_q.weight", format, 64, 256);
      add(writer, prefix + "attn_v.weight", format, 32, 256);
      add(writer, prefix + "ffn_gate_inp.weight", TensorFormats.F32, 4, 256);
      add(writer, prefix + "ffn_down.weight", format, 32, 512);
    }
    if (!tied) {
      add(writer, "output.weight", format, 40, 256);
    }
    Path file = folder.resolve("source.gguf");
    writer.write(file);
    return file;
  }

  private static List<QuantizedTensor> quantize(
      Path source, Path target, QuantizationType type, int threads) throws IOException {
    try (GgufFile file = GgufFile.open(source);
        WorkerPool pool = new WorkerPool(threads)) {
      AtomicLong progress = new AtomicLong();
      List<QuantizedTensor> report =
          new Quantizer(file, type, pool).write(target, progress::addAndGet);
      long whole = file.tensors().stream().mapToLong(t -> t.bytes()).sum();
      assertEquals(whole, progress.get(), "progress");
      return report;
    }
  }

  private Map<String, String> types(Path source, QuantizationType type) throws IOException {
    Map<String, String> types = new HashMap<>();
    quantize(source, folder.resolve(type + ".gguf"), type, 2)
        .forEach(t -> types.put(t.source().name(), t.type()));
    return types;
  }

  @ParameterizedTest
  @EnumSource(QuantizationType.class)
  void whatIsWrittenIsReadBackWithTheErrorThatIsReported(QuantizationType type) throws IOException {
    Path source = model(TensorFormats.F32, false);
    Path target = folder.resolve("target.gguf");
    List<QuantizedTensor> report = quantize(source, target, type, 2);
    try (GgufFile from = GgufFile.open(source);
        GgufFile to = GgufFile.open(target)) {
      assertEquals("llama", to.metadata().string("general.architecture"));
      assertEquals(type.fileType(), to.metadata().integer("general.file_type", -1));
      assertEquals("b", to.metadata().array("tokens").string(1));
      assertEquals(from.tensors().size(), report.size());
      for (QuantizedTensor tensor : report) {
        String name = tensor.source().name();
        assertEquals(tensor.type(), to.info(name).orElseThrow().typeName());
        assertEquals(tensor.bytes(), to.info(name).orElseThrow().bytes());
        double rms = rms(from.tensor(name), to.tensor(name));
        assertEquals(rms, tensor.rmsError(), 1e-12, name);
        assertTrue(tensor.loss().relativeRms() < 0.13, name + ": " + tensor.loss());
        boolean kept = name.contains("norm") || name.contains("gate_inp");
        assertTrue(!kept || tensor.type().equals("F32"), name);
      }
    }
  }

  private static double rms(Tensor expected, Tensor found) {
    double squares = 0;
    float[] a = new float[expected.cols()];
    float[] b = new float[expected.cols()];
    for (int r = 0; r < expected.rows(); r++) {
      expected.decodeRow(r, a, 0);
      found.decodeRow(r, b, 0);
      for (int c = 0; c < a.length; c++) {
        squares += ((double) a[c] - b[c]) * ((double) a[c] - b[c]);
      }
    }
    return Math.sqrt(squares / expected.shape().elements());
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws IOException {
    Path source = model(TensorFormats.BF16, false);
    Path one = folder.resolve("one.gguf");
    Path many = folder.resolve("many.gguf");
    List<QuantizedTensor> a = quantize(source, one, QuantizationType.Q4_K_M, 1);
    List<QuantizedTensor> b = quantize(source, many, QuantizationType.Q4_K_M, 4);
    assertEquals(-1, Files.mismatch(one, many));
    assertEquals(a, b);
  }

  /** By llama.cpp's rules, for eight layers. */
  @Test
  void mixesGiveMoreBitsWhereLlamaCppDoes() throws IOException {
    Map<String, String> medium = types(model(TensorFormats.F16, false), QuantizationType.Q4_K_M);
    assertEquals("Q6_K", medium.get("output.weight"));
    assertEquals("Q4_K", medium.get("token_embd.weight"));
    for (int l = 0; l < LAYERS; l++) {
      String expected = List.of(0, 3, 6, 7).contains(l) ? "Q6_K" : "Q4_K";
      assertEquals(expected, medium.get("blk." + l + ".ffn_down.weight"), "layer " + l);
      assertEquals(expected, medium.get("blk." + l + ".attn_v.weight"), "layer " + l);
      assertEquals("Q4_K", medium.get("blk." + l + ".attn_q.weight"));
    }
    Map<String, String> small = types(model(TensorFormats.F16, true), QuantizationType.Q4_K_S);
    assertEquals("Q6_K", small.get("token_embd.weight"));
    assertEquals("Q5_K", small.get("blk.3.attn_v.weight"));
    assertEquals("Q4_K", small.get("blk.4.attn_v.weight"));
    assertEquals("Q5_K", small.get("blk.0.ffn_down.weight"));
    assertEquals("Q4_K", small.get("blk.1.ffn_down.weight"));
  }

  @Test
  void rowsThatDoNotFitGetSmallerBlocks() throws IOException {
    GgufWriter writer = new GgufWriter();
    add(writer, "a.weight", TensorFormats.F32, 4, 96);
    add(writer, "b.weight", TensorFormats.F32, 4, 33);
    Path source = folder.resolve("odd.gguf");
    writer.write(source);
    Map<QuantizationType, String> expected =
        Map.of(
            QuantizationType.Q4_K, "Q5_0",
            QuantizationType.Q5_K, "Q5_1",
            QuantizationType.Q6_K, "Q8_0",
            QuantizationType.Q4_1, "Q4_1");
    for (Map.Entry<QuantizationType, String> entry : expected.entrySet()) {
      Map<String, String> found = types(source, entry.getKey());
      assertEquals(entry.getValue(), found.get("a.weight"));
      assertEquals("F16", found.get("b.weight"));
    }
  }

  /** Experts have three dimensions; what is quantized already or no weight is copied. */
  @Test
  void otherTensorsKeepTheirShapeAndBytes() throws IOException {
    byte[] old = new byte[18 * 2];
    random.nextBytes(old);
    GgufWriter writer = GgufWriter.powerInfer();
    writer.tensor(
        "blk.0.ffn_up_exps.weight",
        GgmlType.F32,
        List.of(32L, 3L, 2L),
        channel -> channel.write(ByteBuffer.allocate(4 * 32 * 3 * 2)));
    writer.tensor(
        "old.weight",
        GgmlType.Q4_0,
        List.of(32L, 2L),
        channel -> channel.write(ByteBuffer.wrap(old)));
    writer.tensor(
        "gpu_idx",
        GgmlType.I32,
        List.of(2L, 2L),
        channel -> channel.write(ByteBuffer.allocate(16)));
    Path source = folder.resolve("other.gguf");
    writer.write(source);
    Path target = folder.resolve("other-out.gguf");
    quantize(source, target, QuantizationType.Q8_0, 2);
    try (GgufFile file = GgufFile.open(target)) {
      assertEquals("PWRI", file.magic());
      String experts = "blk.0.ffn_up_exps.weight";
      assertEquals(List.of(32L, 3L, 2L), file.info(experts).orElseThrow().dimensions());
      assertEquals(TensorFormats.Q8_0, file.tensor(experts).format());
      assertArrayEquals(old, file.bytes("old.weight").toArray(ValueLayout.JAVA_BYTE));
      assertEquals("I32", file.info("gpu_idx").orElseThrow().typeName());
    }
  }
}
