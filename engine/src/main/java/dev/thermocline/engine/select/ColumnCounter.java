package dev.thermocline.engine.select;

/** What column-sparse layers read. Used by the decode thread. */
public final class ColumnCounter {
  private long selected;
  private long offered;
  private long bytes;

  /** Nothing is read yet. */
  public ColumnCounter() {}

  void add(int columns, int of, long columnBytes) {
    selected += columns;
    offered += of;
    bytes += columnBytes;
  }

  /** Share of the inputs that were used. */
  public double share() {
    return offered == 0 ? 1 : (double) selected / offered;
  }

  /** Weight bytes read so far. */
  public long bytes() {
    return bytes;
  }
}
