package dev.thermocline.kernels.vector;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where in a Java array the processor's cache lines begin. A vector that lies on two lines takes
 * two reads, and Java arrays begin anywhere. The collector may move an array at any time, so what
 * is known here makes code fast, not right.
 */
final class CacheLines {
  /** Floats of a line. */
  static final int FLOATS = 16;

  /** C's memmove, which returns where it moved to; for no bytes it does nothing else. */
  private static final @Nullable MethodHandle ADDRESS = address();

  private CacheLines() {}

  /**
   * Index of the first float that begins a line, 0 to {@link #FLOATS} - 1; 0 where addresses cannot
   * be known.
   *
   * @param array a segment over a float array
   */
  static int start(MemorySegment array) {
    if (ADDRESS == null) {
      return 0;
    }
    long address;
    try {
      address = (long) ADDRESS.invokeExact(array, array, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("memmove cannot throw", e);
    }
    return (int) (-address >> 2) & FLOATS - 1;
  }

  @SuppressWarnings("restricted") // a function of the C library that is given no bytes
  private static @Nullable MethodHandle address() {
    Linker linker;
    try {
      linker = Linker.nativeLinker();
    } catch (UnsupportedOperationException e) {
      return null; // no such thing on this platform
    }
    FunctionDescriptor shape =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    return linker
        .defaultLookup()
        .find("memmove")
        .map(symbol -> linker.downcallHandle(symbol, shape, Linker.Option.critical(true)))
        .orElse(null);
  }
}
