package dev.thermocline.engine.select;

/** What column-sparse layers read. Used by the decode thread. */
public final class ColumnCounter {
  private long selected;
  private long offered;
  private long bytes;
  private long products;
  private int layers;

  /** Nothing is read yet. */
  public ColumnCounter() {}

  /** Says that one more layer is counted. */
  void register() {
    layers++;
  }

  void add(int columns, int of, long columnBytes) {
    selected += columns;
    offered += of;
    bytes += columnBytes;
    products++;
  }

  /** Share of the inputs that were used. */
  public double share() {
    return offered == 0 ? 1 : (double) selected / offered;
  }

  /** Whether any layer is counted here. */
  public boolean used() {
    return layers > 0;
  }

  /** Weight bytes that all layers together read per token. */
  public double bytesPerToken() {
    return products == 0 ? 0 : (double) bytes * layers / products;
  }
}
