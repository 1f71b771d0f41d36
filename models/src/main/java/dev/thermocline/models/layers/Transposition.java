package dev.thermocline.models.layers;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.parallel.ParallelTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Writes the transpose of one weight to another, strip by strip: a strip of source columns is read
 * once, row after row, and becomes whole rows of the target. Workers take strips as they come;
 * which of them does a strip changes nothing in the result.
 */
final class Transposition implements ParallelTask {
  /**
   * Columns of a strip, or one block where that is longer: two blocks of most quantized rows, so
   * that most of each cache line read is used, and a strip of 4096 rows still fits into a
   * second-level cache of a megabyte.
   */
  private static final int STRIP = 64;

  private final Tensor from;
  private final Tensor to;
  private final EncodableFormat format;
  private final int stripCols;
  private final LongConsumer progress;
  private final AtomicInteger nextStrip = new AtomicInteger();

  /** The result goes to {@code to}, which is of the format {@code format}. */
  Transposition(Tensor from, Tensor to, EncodableFormat format, LongConsumer progress) {
    this.from = from;
    this.to = to;
    this.format = format;
    this.stripCols = Math.max(STRIP, from.format().blockElements());
    this.progress = progress;
  }

  @Override
  public void run(int worker, int workers) {
    float[] strip = new float[stripCols * from.rows()];
    int strips = (from.cols() + stripCols - 1) / stripCols;
    for (int s = nextStrip.getAndIncrement(); s < strips; s = nextStrip.getAndIncrement()) {
      int first = s * stripCols;
      int count = Math.min(stripCols, from.cols() - first);
      gather(first, count, strip);
      for (int i = 0; i < count; i++) {
        long row = (first + i) * to.rowBytes();
        format.encode(strip, i * from.rows(), to.cols(), to.data(), row);
      }
      progress.accept(count * to.rowBytes());
    }
  }

  /** {@code strip[c][r] = from[r][first + c]}. */
  private void gather(int first, int count, float[] strip) {
    float[] row = new float[count];
    int rows = from.rows();
    long offset = from.format().bytes(first);
    for (int r = 0; r < rows; r++) {
      from.format().decode(from.data(), r * from.rowBytes() + offset, row, 0, count);
      for (int c = 0; c < count; c++) {
        strip[c * rows + r] = row[c];
      }
    }
  }
}
