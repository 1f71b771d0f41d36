package dev.thermocline.models.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufRoundTripTest {
  @TempDir Path folder;

  @Test
  void everyTypeOfValueComesBack() throws IOException {
    Path file = folder.resolve("values.gguf");
    GgufWriter writer = new GgufWriter();
    writer.put("text", "gr\u00fc\u00df dich \ud83d\ude00").put("empty", "").put("flag", true);
    writer.put("float", 1.5f).put("double", GgufValue.of(Math.PI)).put("uint", -1);
    for (GgufType type : GgufType.values()) {
      if (type.isInteger()) {
        writer.put("int." + type, GgufValue.integer(type, 77));
      }
    }
    writer.put("negative", GgufValue.integer(GgufType.INT16, -5));
    writer.put("strings", GgufValue.strings(List.of("a", "", "\u2581b")));
    writer.put("floats", GgufValue.floats(1f, -2f)).put("ints", GgufValue.ints(3, -4));
    writer.put(
        "nested", GgufValue.array(GgufType.ARRAY, List.of(GgufValue.ints(1), GgufValue.ints())));
    writer.put("last", 9).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      GgufMetadata m = gguf.metadata();
      assertEquals("gr\u00fc\u00df dich \ud83d\ude00", m.string("text"));
      assertEquals("", m.string("empty"));
      assertTrue(m.bool("flag"));
      assertEquals(1.5, m.number("float"));
      assertEquals(Math.PI, m.number("double"));
      assertEquals(0xffffffffL, m.integer("uint"));
      assertEquals(77, m.integer("int.INT8"));
      assertEquals(77, m.integer("int.UINT64"));
      assertEquals(-5, m.integer("negative"));
      assertEquals("\u2581b", m.array("strings").string(2));
      assertEquals("", m.array("strings").string(1));
      assertArrayEquals(new float[] {1, -2}, m.array("floats").toFloats());
      assertEquals(-4, m.array("ints").integer(1));
      assertEquals("array of 2 ARRAY", m.describe("nested"));
      assertEquals(9, m.integer("last"));
      assertEquals(3, gguf.version());
      assertEquals("GGUF", gguf.magic());
    }
  }

  @Test
  void gettersNameKeyExpectationAndFind() throws IOException {
    Path file = folder.resolve("getters.gguf");
    new GgufWriter().put("text", "x").put("number", 300).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      GgufMetadata m = gguf.metadata();
      assertMessage(() -> m.integer("text"), "text", "an integer", "STRING");
      assertMessage(() -> m.string("number"), "number", "a string", "UINT32");
      assertMessage(() -> m.bool("number"), "number", "a boolean", "UINT32");
      assertMessage(() -> m.array("number"), "number", "an array", "UINT32");
      assertMessage(() -> m.number("absent"), "absent", "a number", "missing");
      assertMessage(() -> m.integer("number", 0, 255), "number", "0 to 255", "300");
      assertMessage(() -> m.string("number", "fallback"), "number", "a string", "UINT32");
      assertEquals("fallback", m.string("absent", "fallback"));
    }
  }

  private static void assertMessage(Runnable getter, String... parts) {
    String message = assertThrows(GgufFormatException.class, getter::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message + " lacks " + part);
    }
  }

  @Test
  void tensorsOfEveryFormatComeBackByteForByte() throws IOException {
    Random random = new Random(3);
    GgufWriter writer = GgufWriter.powerInfer();
    List<Tensor> tensors = new ArrayList<>();
    for (TensorFormat format : TensorFormats.all()) {
      for (int rows : new int[] {1, 7}) {
        int cols = Math.max(96, format.blockElements());
        byte[] bytes = new byte[(int) format.bytes((long) rows * cols)];
        random.nextBytes(bytes);
        String name = format + "." + rows;
        tensors.add(new Tensor(name, format, new Shape(rows, cols), MemorySegment.ofArray(bytes)));
        writer.tensor(tensors.getLast());
      }
    }
    Path file = folder.resolve("tensors.gguf");
    writer.write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals("PWRI", gguf.magic());
      assertEquals(tensors.size(), gguf.tensors().size());
      for (Tensor expected : tensors) {
        Tensor found = gguf.tensor(expected.name());
        assertEquals(expected.shape(), found.shape());
        assertEquals(expected.format(), found.format());
        assertEquals(-1, expected.data().mismatch(found.data()), expected.name());
      }
    }
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "a temporary file is left");
    }
  }

  @Test
  void furtherDimensionsBecomeRows() throws IOException {
    Path file = folder.resolve("experts.gguf");
    TensorSource zeros = channel -> channel.write(ByteBuffer.allocate(4 * 2 * 3 * 8));
    new GgufWriter().tensor("experts", GgmlType.F32, List.of(8L, 3L, 2L), zeros).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals(new Shape(6, 8), gguf.tensor("experts").shape());
    }
  }

  @Test
  void aFormatWithoutKernelsIsListedAndRefusedByName() throws IOException {
    Path file = folder.resolve("exotic.gguf");
    TensorSource zeros = channel -> channel.write(ByteBuffer.allocate(36));
    new GgufWriter().tensor("odd", GgmlType.NVFP4, List.of(64L), zeros).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals("NVFP4", gguf.info("odd").orElseThrow().typeName());
      assertMessage(() -> gguf.tensor("odd"), "odd", "NVFP4", "not supported");
      assertFalse(gguf.find("absent").isPresent());
    }
  }

  @Test
  void aSourceOfTheWrongLengthIsAnError() {
    GgufWriter writer = new GgufWriter();
    writer.tensor(
        "short",
        TensorFormats.F32,
        new Shape(1, 8),
        channel -> channel.write(ByteBuffer.allocate(31)));
    Path file = folder.resolve("short.gguf");
    String message = assertThrows(IOException.class, () -> writer.write(file)).getMessage();
    assertTrue(message.contains("short: expected 32 bytes, its source wrote 31"), message);
    assertFalse(Files.exists(file));
  }

  @Test
  void aMillionNumbersCostNoMemory() throws IOException {
    GgufWriter writer = new GgufWriter().put("ints", GgufValue.ints(new int[1_000_000]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.write(Channels.newChannel(bytes));
    MemorySegment file = MemorySegment.ofArray(bytes.toByteArray());
    long allocated =
        Allocation.of(() -> GgufFile.of(file).metadata().array("ints").integer(999_999));
    assertTrue(allocated < 100_000, allocated + " bytes allocated");
  }

  @Test
  void metadataCanBeCopiedToAnotherFile() throws IOException {
    Path first = folder.resolve("first.gguf");
    GgufWriter writer = new GgufWriter().put("text", "x").put("number", 300);
    writer.put("strings", GgufValue.strings(List.of("a", "bc"))).write(first);
    Path second = folder.resolve("second.gguf");
    GgufWriter copy = new GgufWriter();
    try (GgufFile gguf = GgufFile.open(first)) {
      gguf.metadata().keys().forEach(k -> copy.put(k, GgufValue.copy(gguf.metadata(), k)));
      copy.write(second);
    }
    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void sixBitBlocksMeanWhatTheirLoopsSay() throws IOException {
    byte[] blocks = new byte[210 * 3];
    new Random(5).nextBytes(blocks);
    for (int b = 0; b < 3; b++) {
      MemorySegment.ofArray(blocks)
          .set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              b * 210 + 208,
              Float.floatToFloat16(0.01f * (b + 1)));
    }
    Path file = folder.resolve("six.gguf");
    TensorSource source = channel -> channel.write(ByteBuffer.wrap(blocks));
    new GgufWriter().tensor("six", GgmlType.Q6_K, List.of(256L, 3L), source).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      Tensor tensor = gguf.tensor("six");
      assertEquals(TensorFormats.Q6_K, tensor.format());
      float[] row = new float[256];
      for (int b = 0; b < 3; b++) {
        tensor.decodeRow(b, row, 0);
        assertArrayEquals(sixBits(blocks, b * 210), row);
      }
    }
  }

  /** A block as ggml's loops read it, stripe by stripe. */
  private static float[] sixBits(byte[] b, int at) {
    float[] y = new float[256];
    float d = Float.float16ToFloat((short) (b[at + 208] & 255 | b[at + 209] << 8));
    for (int half = 0; half < 2; half++) {
      int low = at + 64 * half;
      int high = at + 128 + 32 * half;
      int scale = at + 192 + 8 * half;
      for (int l = 0; l < 32; l++) {
        int h = b[high + l] & 255;
        int[] q = {
          b[low + l] & 15 | (h & 3) << 4,
          b[low + l + 32] & 15 | (h >> 2 & 3) << 4,
          (b[low + l] & 255) >> 4 | (h >> 4 & 3) << 4,
          (b[low + l + 32] & 255) >> 4 | (h >> 6 & 3) << 4
        };
        for (int s = 0; s < 4; s++) {
          y[128 * half + 32 * s + l] = d * b[scale + l / 16 + 2 * s] * (q[s] - 32);
        }
      }
    }
    return y;
  }
}
