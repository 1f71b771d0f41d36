package dev.thermocline.engine.constrain.grammar;

/** A set of bytes, 0 to 255, as four words of bits. */
public record ByteSet(long a, long b, long c, long d) {
  public static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
  public static final ByteSet ALL = NONE.withRange(0, 255);

  public static ByteSet of(int value) {
    return NONE.withRange(value, value);
  }

  public static ByteSet range(int from, int to) {
    return NONE.withRange(from, to);
  }

  /** The same with {@code from} to {@code to}, both included. */
  public ByteSet withRange(int from, int to) {
    return new ByteSet(
        a | bits(from, to, 0),
        b | bits(from, to, 64),
        c | bits(from, to, 128),
        d | bits(from, to, 192));
  }

  private static long bits(int from, int to, int base) {
    int low = Math.max(from - base, 0);
    int high = Math.min(to - base, 63);
    return low > high ? 0 : -1L >>> 63 - (high - low) << low;
  }

  public ByteSet or(ByteSet other) {
    return new ByteSet(a | other.a, b | other.b, c | other.c, d | other.d);
  }

  public boolean contains(int value) {
    long word = value < 128 ? value < 64 ? a : b : value < 192 ? c : d;
    return (word >>> value & 1) != 0;
  }

  public boolean isEmpty() {
    return (a | b | c | d) == 0;
  }
}
