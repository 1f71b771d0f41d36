package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The few calls to NVIDIA's libraries that must work where JCuda cannot be loaded. */
final class NativeLibrary {

  private NativeLibrary() {}

  /**
   * Opens a library for the life of the process.
   *
   * @param name file name, searched as the system does, or path
   */
  @SuppressWarnings("restricted")
  static Optional<SymbolLookup> find(String name) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A function of that type. */
  @SuppressWarnings("restricted")
  static MethodHandle function(MemorySegment symbol, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(symbol, type);
  }

  /** Calls {@code int f(int)}. */
  static int call(MemorySegment symbol, int argument) {
    return invoke(function(symbol, FunctionDescriptor.of(JAVA_INT, JAVA_INT)), argument);
  }

  /** Calls {@code int f(void*)}. */
  static int call(MemorySegment symbol, MemorySegment argument) {
    return invoke(function(symbol, FunctionDescriptor.of(JAVA_INT, ADDRESS)), argument);
  }

  /** Calls a function that returns {@code int}; what it throws can only be a wrong type here. */
  static int invoke(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function cannot throw", e);
    }
  }
}
