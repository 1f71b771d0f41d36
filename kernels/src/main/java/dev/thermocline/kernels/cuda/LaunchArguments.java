package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The arguments of one kernel in native memory, in the form the driver wants: an array of pointers,
 * each to the value of one argument. Built once, so that setting an argument is one store and a
 * launch creates no object. Used by one thread at a time; whoever made it closes it.
 */
public final class LaunchArguments implements AutoCloseable {

  private static final int SLOT = 8;

  private final String kernel;
  private final List<ArgumentType> types;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment values;
  private final long pointers;

  LaunchArguments(String kernel, List<ArgumentType> types) {
    this.kernel = kernel;
    this.types = types;
    // An empty segment has no address of its own; the driver reads nothing there.
    long bytes = (long) SLOT * Math.max(1, types.size());
    values = arena.allocate(bytes, SLOT);
    MemorySegment table = arena.allocate(bytes, SLOT);
    for (int i = 0; i < types.size(); i++) {
      table.setAtIndex(ADDRESS, i, values.asSlice((long) i * SLOT, SLOT));
    }
    pointers = table.address();
  }

  /** Sets an {@link ArgumentType#ADDRESS}. */
  public LaunchArguments address(int index, long value) {
    values.set(JAVA_LONG, offset(index, ArgumentType.ADDRESS), value);
    return this;
  }

  /** Sets an {@link ArgumentType#LONG}. */
  public LaunchArguments longValue(int index, long value) {
    values.set(JAVA_LONG, offset(index, ArgumentType.LONG), value);
    return this;
  }

  /** Sets an {@link ArgumentType#INT}. */
  public LaunchArguments intValue(int index, int value) {
    values.set(JAVA_INT, offset(index, ArgumentType.INT), value);
    return this;
  }

  /** Sets an {@link ArgumentType#FLOAT}. */
  public LaunchArguments floatValue(int index, float value) {
    values.set(JAVA_FLOAT, offset(index, ArgumentType.FLOAT), value);
    return this;
  }

  private long offset(int index, ArgumentType type) {
    if (types.get(index) != type) {
      throw new IllegalArgumentException(
          "%s: argument %d is of type %s, set as %s"
              .formatted(kernel, index, types.get(index), type));
    }
    return (long) index * SLOT;
  }

  /** Name of the kernel these are for. */
  String kernel() {
    return kernel;
  }

  /** Address of the array of pointers. */
  long pointers() {
    return pointers;
  }

  @Override
  public void close() {
    arena.close();
  }
}
