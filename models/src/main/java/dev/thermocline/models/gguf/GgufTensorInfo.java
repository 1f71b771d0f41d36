package dev.thermocline.models.gguf;

import java.util.List;

/**
 * Description of one tensor of a file.
 *
 * @param name such as {@code blk.0.ffn_up.weight}
 * @param typeId number of its {@link GgmlType}, known or not
 * @param dimensions one to four, the contiguous one first
 * @param offset first byte, counted from the start of the file
 * @param bytes size, or -1 where the type is unknown
 */
public record GgufTensorInfo(
    String name, int typeId, List<Long> dimensions, long offset, long bytes) {

  public GgufTensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  /** Name of the type. */
  public String typeName() {
    return GgmlType.nameOf(typeId);
  }

  /** Number of elements. */
  public long elements() {
    long elements = 1;
    for (long dimension : dimensions) {
      elements *= dimension;
    }
    return elements;
  }

  /** Elements of a row. */
  public long cols() {
    return dimensions.getFirst();
  }

  /** Rows of all dimensions but the first together. */
  public long rows() {
    return elements() / cols();
  }
}
