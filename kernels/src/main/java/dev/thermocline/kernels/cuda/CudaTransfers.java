package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What crosses between host and device, through one page-locked buffer that is handed out from
 * front to back and starts anew after each synchronisation. If it fills up earlier, it waits for
 * the device by itself.
 */
final class CudaTransfers {
  private static final int MAX_DOWNLOADS = 64;
  private static final int ALIGNMENT = 64;

  private final CudaDriver driver;
  private final CudaStream stream;
  private final CudaEvent done;
  private final MemorySegment staging;
  private final long capacity;
  private long used;

  private final @Nullable HostActivations[] targets = new HostActivations[MAX_DOWNLOADS];
  private final int[] firstRows = new int[MAX_DOWNLOADS];
  private final int[] rowCounts = new int[MAX_DOWNLOADS];
  private final long[] rowBytes = new long[MAX_DOWNLOADS];
  private final long[] offsets = new long[MAX_DOWNLOADS];
  private int downloads;

  CudaTransfers(CudaDriver driver, CudaHeap heap, CudaStream stream, long capacity) {
    this.driver = driver;
    this.stream = stream;
    this.capacity = capacity;
    this.done = driver.event();
    heap.own(done::close);
    PinnedMemory pinned = PinnedMemory.allocate(driver, capacity);
    heap.own(pinned::close);
    this.staging = pinned.segment();
  }

  /** Most bytes that {@link #take} gives at once. */
  long capacity() {
    return capacity;
  }

  /** The buffer. */
  MemorySegment staging() {
    return staging;
  }

  /**
   * Offset in the buffer of {@code bytes} bytes that nobody uses until the next synchronisation.
   */
  long take(long bytes) {
    if (bytes > capacity) {
      throw new IllegalArgumentException(
          "CUDA transfer: expected at most " + capacity + " bytes at once, got " + bytes);
    }
    if (used + bytes > capacity) {
      synchronize();
    }
    long at = used;
    used = (at + bytes + ALIGNMENT - 1) & -ALIGNMENT;
    return at;
  }

  /** Enqueues the copy of taken bytes to the device. */
  void send(long offset, long to, long bytes) {
    driver.copyToDevice(to, staging.address() + offset, bytes, stream);
  }

  /** Copies rows to their padded places, zeros between them. */
  void upload(HostActivations from, int n, CudaActivations to) {
    long row = to.rowBytes();
    int piece = pieceRows(n, row);
    for (int first = 0; first < n; first += piece) {
      int rows = Math.min(piece, n - first);
      long at = take(rows * row);
      for (int r = 0; r < rows; r++) {
        place(from.values(), from.offset(first + r), from.cols(), at + r * row, row);
      }
      send(at, to.address() + first * row, rows * row);
    }
  }

  /** Enqueues the copy of rows back; they arrive with the next synchronisation. */
  void download(CudaActivations from, int n, HostActivations to) {
    long row = from.rowBytes();
    int piece = pieceRows(n, row);
    for (int first = 0; first < n; first += piece) {
      int rows = Math.min(piece, n - first);
      if (downloads == MAX_DOWNLOADS) {
        synchronize();
      }
      long at = take(rows * row);
      driver.copyToHost(staging.address() + at, from.address() + first * row, rows * row, stream);
      targets[downloads] = to;
      firstRows[downloads] = first;
      rowCounts[downloads] = rows;
      rowBytes[downloads] = row;
      offsets[downloads] = at;
      downloads++;
    }
  }

  /** Copies floats to the device. */
  void upload(float[] values, int from, int count, long to) {
    int piece = (int) (capacity / Float.BYTES);
    for (int first = 0; first < count; first += piece) {
      int here = Math.min(piece, count - first);
      long at = take(4L * here);
      MemorySegment.copy(values, from + first, staging, JAVA_FLOAT, at, here);
      send(at, to + 4L * first, 4L * here);
    }
  }

  /** Copies integers to the device. */
  void upload(int[] values, int count, long to) {
    int piece = (int) (capacity / Integer.BYTES);
    for (int first = 0; first < count; first += piece) {
      int here = Math.min(piece, count - first);
      long at = take(4L * here);
      MemorySegment.copy(values, first, staging, JAVA_INT, at, here);
      send(at, to + 4L * first, 4L * here);
    }
  }

  /** Copies the masks of {@code count} sets of one bound, from {@code first} on, to the device. */
  void upload(RowSet[] sets, int first, int count, long to) {
    int words = sets[first].words().length;
    long at = take(8L * count * words);
    for (int i = 0; i < count; i++) {
      long[] from = sets[first + i].words();
      MemorySegment.copy(from, 0, staging, JAVA_LONG, at + 8L * i * words, words);
    }
    send(at, to, 8L * count * words);
  }

  /** Copies one mask to the device. */
  void upload(RowSet set, long to) {
    long[] words = set.words();
    long at = take(8L * words.length);
    MemorySegment.copy(words, 0, staging, JAVA_LONG, at, words.length);
    send(at, to, 8L * words.length);
  }

  /** Copies bytes to the device. */
  void upload(MemorySegment from, long to) {
    for (long first = 0; first < from.byteSize(); first += capacity) {
      long here = Math.min(capacity, from.byteSize() - first);
      long at = take(here);
      MemorySegment.copy(from, first, staging, at, here);
      send(at, to + first, here);
    }
  }

  /** Copies bytes from the device; waits for them. */
  void read(long from, MemorySegment to) {
    for (long first = 0; first < to.byteSize(); first += capacity) {
      long here = Math.min(capacity, to.byteSize() - first);
      long at = take(here);
      driver.copyToHost(staging.address() + at, from + first, here, stream);
      synchronize();
      MemorySegment.copy(staging, at, to, first, here);
    }
  }

  /** Reads one 64-bit integer from the device; waits for it. */
  long read(long address) {
    long at = take(8);
    driver.copyToHost(staging.address() + at, address, 8, stream);
    synchronize();
    return staging.get(JAVA_LONG, at);
  }

  /**
   * Waits for everything enqueued, once, and fills the targets of downloads. If that fails they are
   * given up.
   */
  void synchronize() {
    int arriving = downloads;
    downloads = 0;
    stream.record(done);
    done.synchronize();
    used = 0;
    for (int i = 0; i < arriving; i++) {
      deliver(i);
    }
  }

  private void deliver(int download) {
    HostActivations to = targets[download];
    targets[download] = null;
    for (int r = 0; to != null && r < rowCounts[download]; r++) {
      int at = to.offset(firstRows[download] + r);
      long from = offsets[download] + r * rowBytes[download];
      MemorySegment.copy(staging, JAVA_FLOAT, from, to.values(), at, to.cols());
    }
  }

  private int pieceRows(int n, long row) {
    return (int) Math.max(1, Math.min(n, capacity / row));
  }

  private void place(float[] values, int offset, int count, long at, long bytes) {
    MemorySegment.copy(values, offset, staging, JAVA_FLOAT, at, count);
    for (long i = 4L * count; i < bytes; i += 4) {
      staging.set(JAVA_FLOAT, at + i, 0f);
    }
  }
}
