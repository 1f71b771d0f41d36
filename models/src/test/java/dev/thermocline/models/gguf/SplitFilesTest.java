package dev.thermocline.models.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several files, and files of more than 4 GiB. */
class SplitFilesTest {
  @TempDir Path folder;

  private static Tensor tensor(String name, float value) {
    MemorySegment data = MemorySegment.ofArray(new byte[16]);
    TensorFormats.F32.encode(new float[] {value, 0, 0, 0}, 0, 4, data, 0);
    return new Tensor(name, TensorFormats.F32, new Shape(1, 4), data);
  }

  private Path part(int number, int count, int claimed, String... tensors) throws IOException {
    GgufWriter writer = new GgufWriter();
    writer.put("split.no", GgufValue.integer(GgufType.UINT16, claimed - 1));
    writer.put("split.count", GgufValue.integer(GgufType.UINT16, count));
    writer.put("split.tensors.count", GgufValue.integer(GgufType.INT32, 3));
    if (number == 1) {
      writer.put("general.name", "whole");
    }
    for (String name : tensors) {
      writer.tensor(tensor(name, number));
    }
    Path file = folder.resolve("m-%05d-of-%05d.gguf".formatted(number, count));
    writer.write(file);
    return file;
  }

  @Test
  void partsAreReadAsOneModelWhicheverIsNamed() throws IOException {
    Path first = part(1, 3, 1);
    Path second = part(2, 3, 2, "a", "b");
    Path third = part(3, 3, 3, "c");
    for (Path named : List.of(first, second, third)) {
      try (GgufFile file = GgufFile.open(named)) {
        assertEquals("whole", file.metadata().string("general.name"));
        assertEquals(List.of("a", "b", "c"), file.tensors().stream().map(t -> t.name()).toList());
        assertEquals(2, TensorFormats.F32.element(file.tensor("b").data(), 0));
        assertEquals(3, TensorFormats.F32.element(file.tensor("c").data(), 0));
        assertEquals(Files.size(first) + Files.size(second) + Files.size(third), file.size());
      }
    }
  }

  @Test
  void partsThatAreMissingOrMixedUpAreNamed() throws IOException {
    Path first = part(1, 3, 1);
    part(2, 3, 2, "a", "b");
    assertMessage(first, "m-00003-of-00003.gguf", "missing");
    part(3, 3, 2, "c");
    assertMessage(first, "m-00003-of-00003.gguf", "part 2 of 3", "holds part 1 of 3");
    part(3, 3, 3, "a");
    assertMessage(first, "a", "two parts");
    part(3, 3, 3);
    assertMessage(first, "2 tensors", "expected 3");
  }

  private static void assertMessage(Path file, String... parts) {
    String message =
        String.valueOf(
            assertThrows(GgufFormatException.class, () -> GgufFile.open(file)).getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), message + " lacks " + part);
    }
  }

  /** The file is sparse: zeros are skipped, not written. */
  @Test
  void tensorsMayLieBeyondFourGibibytes() throws IOException {
    long big = (4L << 30) + 4096;
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    GgufWriter writer = new GgufWriter();
    writer.tensor(
        "big",
        GgmlType.I8,
        List.of(4096L, big / 4096),
        channel -> {
          for (long left = big; left > 0; left -= zeros.capacity()) {
            channel.write(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
          }
        });
    writer.tensor(tensor("far", 7));
    Path file = folder.resolve("big.gguf");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writer.write(new Skipping(channel));
    }
    try (GgufFile gguf = GgufFile.open(file)) {
      assertTrue(gguf.info("far").orElseThrow().offset() > 4L << 30);
      assertEquals(7, TensorFormats.F32.element(gguf.tensor("far").data(), 0));
      assertEquals(big, gguf.bytes("big").byteSize());
    }
  }

  /** Moves on where a kilobyte or more is to be written that begins with a zero. */
  private record Skipping(FileChannel channel) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (count >= 1024 && bytes.get(bytes.position()) == 0) {
        channel.position(channel.position() + count);
        bytes.position(bytes.limit());
        return count;
      }
      return channel.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
