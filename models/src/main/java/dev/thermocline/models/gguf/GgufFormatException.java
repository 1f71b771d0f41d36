package dev.thermocline.models.gguf;

/** A file that is no valid GGUF, or does not hold what a reader needs. */
public final class GgufFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final long offset;

  /**
   * Names the place of the error.
   *
   * @param field what was read, such as {@code tensor count} or a metadata key
   * @param offset byte offset of the field in the file, or -1 where it is absent
   * @param reason what was expected and what was found
   */
  public GgufFormatException(String field, long offset, String reason) {
    super(
        Printable.name(field)
            + (offset < 0 ? "" : " at byte " + offset)
            + ": "
            + Printable.message(reason));
    this.field = Printable.name(field);
    this.offset = offset;
  }

  /** What was read, shortened to 100 printable characters. */
  public String field() {
    return field;
  }

  /** Byte offset of the field in the file, or -1 where it is absent. */
  public long offset() {
    return offset;
  }
}
