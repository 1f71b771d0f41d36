package dev.thermocline.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RowSlicesTest {
  @Test
  void leavingRowsOutMovesNoneToAnotherSlice() {
    RowSlices slices = new RowSlices(1100, 16);
    assertEquals(16, slices.count());
    int[] rows = IntStream.range(0, 1100).filter(i -> i % 7 == 3 || i > 900).toArray();
    slices.cut(rows, rows.length);
    for (int slice = 0; slice < slices.count(); slice++) {
      for (int i = slices.start(slice); i < slices.end(slice); i++) {
        assertEquals(rows[i] / 69, slice, "row " + rows[i]);
      }
    }
    assertEquals(0, slices.start(0));
    assertEquals(rows.length, slices.end(slices.count() - 1));
  }

  @Test
  void smallMatricesHaveOneSlice() {
    RowSlices slices = new RowSlices(5, 16);
    assertEquals(1, slices.count());
    slices.cut(new int[] {1, 4}, 2);
    assertEquals(2, slices.end(0));
    slices.cut(new int[0], 0);
    assertEquals(0, slices.end(0));
  }
}
