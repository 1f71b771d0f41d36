package dev.thermocline.models.quantize;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.parallel.ParallelTask;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.gguf.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Writes a tensor in another format, some megabytes of rows at a time, and measures the error. Rows
 * are encoded by whichever worker is free; their errors are added in the order of the rows, so that
 * the number of workers changes nothing.
 */
final class RowEncoder implements TensorSource, ParallelTask {
  private static final long PIECE_BYTES = 8 << 20;

  private final Tensor source;
  private final EncodableFormat format;
  private final WorkerPool pool;
  private final LongConsumer progress;
  private final AtomicInteger next = new AtomicInteger();
  private final RequantizationLoss[] rowLosses;
  private MemorySegment piece = MemorySegment.NULL;
  private int first;
  private int count;
  private RequantizationLoss loss = RequantizationLoss.NONE;

  /** {@code progress} is told how many source bytes have been read. */
  RowEncoder(Tensor source, EncodableFormat format, WorkerPool pool, LongConsumer progress) {
    this.source = source;
    this.format = format;
    this.pool = pool;
    this.progress = progress;
    long rows = Math.clamp(PIECE_BYTES / format.bytes(source.cols()), 1, source.rows());
    this.rowLosses = new RequantizationLoss[(int) rows];
  }

  /** The error of what has been written. */
  RequantizationLoss loss() {
    return loss;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    long rowBytes = format.bytes(source.cols());
    try (Arena arena = Arena.ofShared()) {
      piece = arena.allocate(rowLosses.length * rowBytes, 64);
      for (first = 0; first < source.rows(); first += count) {
        count = Math.min(rowLosses.length, source.rows() - first);
        next.set(0);
        pool.run(this);
        loss = Arrays.stream(rowLosses, 0, count).reduce(loss, RequantizationLoss::plus);
        ByteBuffer bytes = piece.asSlice(0, count * rowBytes).asByteBuffer();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        progress.accept(count * source.rowBytes());
      }
    }
  }

  @Override
  public void run(int worker, int workers) {
    float[] values = new float[source.cols()];
    float[] decoded = new float[source.cols()];
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      long at = i * format.bytes(source.cols());
      source.decodeRow(first + i, values, 0);
      format.encode(values, 0, values.length, piece, at);
      format.decode(piece, at, decoded, 0, decoded.length);
      rowLosses[i] = RequantizationLoss.between(values, 0, decoded);
    }
  }
}
