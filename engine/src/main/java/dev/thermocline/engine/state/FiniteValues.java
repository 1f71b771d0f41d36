package dev.thermocline.engine.state;

import dev.thermocline.engine.PromptCacheException;
import dev.thermocline.kernels.KvFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Refuses stored keys and values that are no numbers, which would spoil every later token. */
final class FiniteValues {
  private FiniteValues() {}

  static void check(MemorySegment page, KvFormat format, Path file) throws PromptCacheException {
    boolean finite =
        switch (format) {
          case F32 -> floats(page);
          case F16 -> halves(page, Short.BYTES);
          // The scales of blocks.
          case Q8_0 -> halves(page, format.rowBytes(1));
        };
    if (!finite) {
      throw new PromptCacheException(
          file.getFileName() + ": damaged: a key or value is not a finite number", false);
    }
  }

  private static boolean floats(MemorySegment page) {
    boolean finite = true;
    for (long at = 0; at < page.byteSize(); at += Float.BYTES) {
      finite &= Float.isFinite(page.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
    }
    return finite;
  }

  private static boolean halves(MemorySegment page, long step) {
    boolean finite = true;
    for (long at = 0; at < page.byteSize(); at += step) {
      finite &= (page.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0x7C00) != 0x7C00;
    }
    return finite;
  }
}
