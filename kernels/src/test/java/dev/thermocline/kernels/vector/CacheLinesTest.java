package dev.thermocline.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class CacheLinesTest {
  @Test
  void startIsTheFirstFloatOfALine() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = arena.allocate(4 * 64, 64);
      for (int i = 0; i < CacheLines.FLOATS; i++) {
        int expected = (CacheLines.FLOATS - i) % CacheLines.FLOATS;
        assertEquals(expected, CacheLines.start(line.asSlice(4L * i)), "float " + i);
      }
    }
  }

  @Test
  void arraysHaveAStart() {
    int start = CacheLines.start(MemorySegment.ofArray(new float[64]));
    assertTrue(start >= 0 && start < CacheLines.FLOATS, () -> "got " + start);
  }
}
