package dev.thermocline.models.gguf;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;

/**
 * A GGUF file, version 2 or 3, mapped into memory; PowerInfer's {@code PWRI} files are such files
 * with another magic. Tensors and metadata are views of the mapping: nothing of it may be used
 * after {@link #close}. Safe for use by several threads.
 */
public final class GgufFile implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment data;
  private final GgufReader.Head head;

  private GgufFile(Arena arena, MemorySegment data) {
    this.arena = arena;
    this.data = data;
    this.head = GgufReader.read(data);
  }

  /**
   * Maps a file and checks its head.
   *
   * @throws IOException if it cannot be read
   * @throws GgufFormatException if it is no valid GGUF file
   */
  public static GgufFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new GgufFile(
          arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads a file that lies in memory, which must stay alive while it is in use.
   *
   * @throws GgufFormatException if it is no valid GGUF file
   */
  public static GgufFile of(MemorySegment file) {
    return new GgufFile(Arena.ofShared(), file.asReadOnly());
  }

  /** {@code GGUF}, or {@code PWRI} for PowerInfer's. */
  public String magic() {
    return head.magic();
  }

  public int version() {
    return head.version();
  }

  public GgufMetadata metadata() {
    return head.metadata();
  }

  /** Multiple at which tensors start, in bytes. */
  public int alignment() {
    return head.alignment();
  }

  /** Bytes of the whole file. */
  public long size() {
    return data.byteSize();
  }

  /** Descriptions of all tensors, in the order of the file. */
  public Collection<GgufTensorInfo> tensors() {
    return Collections.unmodifiableCollection(head.tensors().values());
  }

  /** The bytes of the whole file. */
  public MemorySegment data() {
    return data;
  }

  public boolean contains(String tensor) {
    return head.tensors().containsKey(tensor);
  }

  /** Description of a tensor, if the file has it. */
  public Optional<GgufTensorInfo> info(String tensor) {
    return Optional.ofNullable(head.tensors().get(tensor));
  }

  /** The tensor of a name, if the file has it; as {@link #tensor} otherwise. */
  public Optional<Tensor> find(String name) {
    return contains(name) ? Optional.of(tensor(name)) : Optional.empty();
  }

  /**
   * The tensor of a name, a view of the mapping; dimensions past the second become further rows.
   *
   * @throws GgufFormatException if it is missing, too large, or of a format that cannot be computed
   *     with
   */
  public Tensor tensor(String name) {
    GgufTensorInfo info = head.tensors().get(name);
    if (info == null) {
      throw new GgufFormatException(name, -1, "the file has no such tensor");
    }
    if (info.rows() > Integer.MAX_VALUE || info.cols() > Integer.MAX_VALUE) {
      throw new GgufFormatException(
          name, info.offset(), "expected dimensions below 2^31, got " + info.dimensions());
    }
    Shape shape = new Shape((int) info.rows(), (int) info.cols());
    MemorySegment bytes = data.asSlice(info.offset(), Math.max(info.bytes(), 0));
    return new Tensor(name, format(info), shape, bytes);
  }

  private static TensorFormat format(GgufTensorInfo info) {
    return TensorFormats.byGgufId(info.typeId())
        .orElseThrow(() ->
            new GgufFormatException(
                info.name(),
                info.offset(),
                "format "
                    + info.typeName()
                    + " is not supported yet; supported are "
                    + TensorFormats.all()));
  }

  @Override
  public void close() {
    arena.close();
  }
}
