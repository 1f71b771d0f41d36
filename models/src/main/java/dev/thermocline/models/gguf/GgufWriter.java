package dev.thermocline.models.gguf;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files, version 3. Metadata and tensor descriptions are collected first; {@link
 * #write} then streams the tensors one after the other. Keys and tensors keep the order in which
 * they came.
 */
public final class GgufWriter {
  private static final int ALIGNMENT = 32;

  /** A tensor to come; {@code dimensions} has the contiguous one first. */
  private record Planned(GgmlType type, List<Long> dimensions, TensorSource source) {
    long bytes() {
      long elements = dimensions.stream().reduce(1L, Math::multiplyExact);
      return Math.multiplyExact(elements / type.blockElements(), type.blockBytes());
    }
  }

  private final String magic;
  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final Map<String, Planned> tensors = new LinkedHashMap<>();

  /** Begins an ordinary file. */
  public GgufWriter() {
    this("GGUF");
  }

  private GgufWriter(String magic) {
    this.magic = magic;
  }

  /** Begins a file with PowerInfer's magic. */
  public static GgufWriter powerInfer() {
    return new GgufWriter("PWRI");
  }

  /** Sets a key, replacing an earlier value. */
  public GgufWriter put(String key, GgufValue value) {
    metadata.put(key, value);
    return this;
  }

  public GgufWriter put(String key, String value) {
    return put(key, GgufValue.of(value));
  }

  /** Sets a key to an UINT32. */
  public GgufWriter put(String key, int value) {
    return put(key, GgufValue.of(value));
  }

  /** Sets a key to a FLOAT32. */
  public GgufWriter put(String key, float value) {
    return put(key, GgufValue.of(value));
  }

  public GgufWriter put(String key, boolean value) {
    return put(key, GgufValue.of(value));
  }

  /** Adds a tensor from memory that stays alive until {@link #write}; one row has one dimension. */
  public GgufWriter tensor(Tensor tensor) {
    return tensor(
        tensor.name(),
        tensor.format(),
        tensor.shape(),
        channel -> writeSegment(channel, tensor.data()));
  }

  /** Adds a tensor whose bytes come later; one row has one dimension. */
  public GgufWriter tensor(String name, TensorFormat format, Shape shape, TensorSource source) {
    List<Long> dimensions =
        shape.rows() == 1
            ? List.of((long) shape.cols())
            : List.of((long) shape.cols(), (long) shape.rows());
    return tensor(name, GgmlType.byId(format.ggufId()).orElseThrow(), dimensions, source);
  }

  /**
   * Adds a tensor of any type.
   *
   * @param dimensions one to four, the contiguous one first
   * @throws IllegalArgumentException if the name is taken or a row does not hold whole blocks
   */
  public GgufWriter tensor(String name, GgmlType type, List<Long> dimensions, TensorSource source) {
    if (dimensions.isEmpty()
        || dimensions.size() > 4
        || dimensions.getFirst() % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          name
              + ": expected 1 to 4 dimensions, the first a multiple of "
              + type.blockElements()
              + ", got "
              + dimensions);
    }
    if (tensors.put(name, new Planned(type, List.copyOf(dimensions), source)) != null) {
      throw new IllegalArgumentException(name + ": the file already has a tensor of this name");
    }
    return this;
  }

  /**
   * Writes the file: first under another name in the same folder, then moved into place, so that
   * nobody ever sees half of it.
   */
  public void write(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    long process = ProcessHandle.current().pid();
    Path part = absolute.resolveSibling(absolute.getFileName() + "." + process + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        write(channel);
      }
      move(part, absolute);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Writes the file to a channel. */
  public void write(WritableByteChannel channel) throws IOException {
    CountingChannel out = new CountingChannel(channel);
    byte[] head = head();
    out.write(ByteBuffer.wrap(head));
    out.pad(ALIGNMENT);
    for (Map.Entry<String, Planned> entry : tensors.entrySet()) {
      long start = out.count();
      entry.getValue().source().writeTo(out);
      long written = out.count() - start;
      if (written != entry.getValue().bytes()) {
        throw new IOException(
            entry.getKey()
                + ": expected "
                + entry.getValue().bytes()
                + " bytes, its source wrote "
                + written);
      }
      out.pad(ALIGNMENT);
    }
  }

  private byte[] head() {
    ByteSink out = new ByteSink();
    out.ascii(magic).int32(3).int64(tensors.size()).int64(metadata.size());
    for (Map.Entry<String, GgufValue> entry : metadata.entrySet()) {
      out.string(entry.getKey()).int32(entry.getValue().type().number());
      entry.getValue().writeTo(out);
    }
    long offset = 0;
    for (Map.Entry<String, Planned> entry : tensors.entrySet()) {
      Planned tensor = entry.getValue();
      out.string(entry.getKey()).int32(tensor.dimensions().size());
      tensor.dimensions().forEach(out::int64);
      out.int32(tensor.type().id()).int64(offset);
      offset += (tensor.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return out.toByteArray();
  }

  /** Writes all bytes of a segment of any size. */
  public static void writeSegment(WritableByteChannel channel, MemorySegment bytes)
      throws IOException {
    // A byte buffer holds at most 2 GiB.
    long step = 1 << 30;
    for (long at = 0; at < bytes.byteSize(); at += step) {
      ByteBuffer buffer = bytes.asSlice(at, Math.min(step, bytes.byteSize() - at)).asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
