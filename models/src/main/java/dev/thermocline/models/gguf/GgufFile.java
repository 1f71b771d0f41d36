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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file, version 2 or 3, mapped into memory, or the {@linkplain SplitFiles parts} of a model
 * that is split over several, which then are as one; PowerInfer's {@code PWRI} files are such files
 * with another magic. Tensors and metadata are views of the mapping: nothing of it may be used
 * after {@link #close}. Safe for use by several threads.
 */
public final class GgufFile implements AutoCloseable {
  /** A tensor and the bytes of the file that it is in. */
  private record Placed(GgufTensorInfo info, MemorySegment file) {}

  private static final long RESIDENCE_STEP = 1 << 20;

  private final Arena arena;
  private final GgufReader.Head head;
  private final List<MemorySegment> parts;
  private final long size;
  private final Map<String, Placed> tensors = new LinkedHashMap<>();
  private final List<GgufTensorInfo> infos = new ArrayList<>();

  /**
   * Reads the heads of all parts.
   *
   * @param names of the parts, for messages; empty for one that lies in memory
   */
  private GgufFile(Arena arena, List<MemorySegment> parts, List<Path> names) {
    this.arena = arena;
    this.head = GgufReader.read(parts.getFirst());
    this.parts = List.copyOf(parts);
    this.size = parts.stream().mapToLong(MemorySegment::byteSize).sum();
    for (int i = 0; i < parts.size(); i++) {
      GgufReader.Head part = i == 0 ? head : GgufReader.read(parts.get(i));
      if (parts.size() > 1) {
        SplitFiles.check(part, names.get(i), i, parts.size());
      }
      add(part, parts.get(i));
    }
    long expected = head.metadata().integer(SplitFiles.TENSORS, infos.size());
    if (parts.size() > 1 && expected != infos.size()) {
      throw new GgufFormatException(
          SplitFiles.TENSORS,
          head.metadata().offset(SplitFiles.TENSORS),
          "the parts have " + infos.size() + " tensors, expected " + expected);
    }
  }

  private void add(GgufReader.Head part, MemorySegment file) {
    for (GgufTensorInfo info : part.tensors().values()) {
      if (tensors.put(info.name(), new Placed(info, file)) != null) {
        throw new GgufFormatException(info.name(), -1, "two parts have a tensor of this name");
      }
      infos.add(info);
    }
  }

  /**
   * Maps a file and checks its head; the other parts too, if it is one part of a model.
   *
   * @throws IOException if it cannot be read
   * @throws GgufFormatException if it is no valid GGUF file, or parts are missing
   */
  public static GgufFile open(Path path) throws IOException {
    List<Path> names = SplitFiles.of(path);
    Arena arena = Arena.ofShared();
    try {
      List<MemorySegment> parts = new ArrayList<>();
      for (Path name : names) {
        parts.add(map(name, arena));
      }
      return new GgufFile(arena, parts, names);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /**
   * Reads a file that lies in memory, which must stay alive while it is in use.
   *
   * @throws GgufFormatException if it is no valid GGUF file
   */
  public static GgufFile of(MemorySegment file) {
    return new GgufFile(Arena.ofShared(), List.of(file.asReadOnly()), List.of());
  }

  /** {@code GGUF}, or {@code PWRI} for PowerInfer's. */
  public String magic() {
    return head.magic();
  }

  public int version() {
    return head.version();
  }

  /** The metadata; of a split model that of its first part. */
  public GgufMetadata metadata() {
    return head.metadata();
  }

  /** Multiple at which tensors start, in bytes. */
  public int alignment() {
    return head.alignment();
  }

  /** Bytes of the whole file, or of all parts together. */
  public long size() {
    return size;
  }

  /**
   * Bytes of the file that are in physical memory now, to a mebibyte; 0 for one that is not mapped.
   */
  public long residentBytes() {
    return parts.stream().filter(MemorySegment::isMapped).mapToLong(GgufFile::resident).sum();
  }

  private static long resident(MemorySegment part) {
    long bytes = 0;
    for (long at = 0; at < part.byteSize(); at += RESIDENCE_STEP) {
      MemorySegment piece = part.asSlice(at, Math.min(RESIDENCE_STEP, part.byteSize() - at));
      bytes += piece.isLoaded() ? piece.byteSize() : 0;
    }
    return bytes;
  }

  /** Descriptions of all tensors, in the order of the file. */
  public Collection<GgufTensorInfo> tensors() {
    return List.copyOf(infos);
  }

  public boolean contains(String tensor) {
    return tensors.containsKey(tensor);
  }

  /** Description of a tensor, if the file has it. */
  public Optional<GgufTensorInfo> info(String tensor) {
    return Optional.ofNullable(tensors.get(tensor)).map(Placed::info);
  }

  /**
   * The bytes of a tensor, a view of the mapping.
   *
   * @throws GgufFormatException if it is missing or of an unknown type
   */
  public MemorySegment bytes(String name) {
    Placed placed = placed(name);
    if (placed.info().bytes() < 0) {
      throw new GgufFormatException(
          name, placed.info().offset(), placed.info().typeName() + " has no known size");
    }
    return placed.file().asSlice(placed.info().offset(), placed.info().bytes());
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
    GgufTensorInfo info = placed(name).info();
    if (info.rows() > Integer.MAX_VALUE || info.cols() > Integer.MAX_VALUE) {
      throw new GgufFormatException(
          name, info.offset(), "expected dimensions below 2^31, got " + info.dimensions());
    }
    Shape shape = new Shape((int) info.rows(), (int) info.cols());
    return new Tensor(name, format(info), shape, bytes(name));
  }

  private Placed placed(String name) {
    Placed placed = tensors.get(name);
    if (placed == null) {
      throw new GgufFormatException(name, -1, "the file has no such tensor");
    }
    return placed;
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
