package dev.thermocline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.thermocline.kernels.TokenBatch;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The batch at hand on the device: sent once, however many layers ask for it. */
final class BatchTable {
  private final CudaHeap heap;
  private final CudaTransfers transfers;
  private @Nullable CudaBuffer buffer;
  private @Nullable TokenBatch current;
  private long version;
  private long tokens;
  private long rowBytes;

  BatchTable(CudaHeap heap, CudaTransfers transfers) {
    this.heap = heap;
    this.transfers = transfers;
  }

  /**
   * Sends the batch unless the device has it. Allocates when a batch can be larger than any before.
   */
  void use(TokenBatch batch) {
    if (batch == current && batch.version() == version) {
      return;
    }
    current = null;
    tokens = room(4L * (3L * batch.maxTokens() + batch.maxPages()));
    rowBytes = 4L * batch.size();
    long bytes = 3 * rowBytes + 4L * batch.pageCount();
    long at = transfers.take(bytes);
    MemorySegment staging = transfers.staging();
    MemorySegment.copy(batch.tokens(), 0, staging, JAVA_INT, at, batch.size());
    MemorySegment.copy(batch.positions(), 0, staging, JAVA_INT, at + rowBytes, batch.size());
    MemorySegment.copy(batch.pageStart(), 0, staging, JAVA_INT, at + 2 * rowBytes, batch.size());
    MemorySegment.copy(batch.pages(), 0, staging, JAVA_INT, at + 3 * rowBytes, batch.pageCount());
    transfers.send(at, tokens, bytes);
    version = batch.version();
    current = batch;
  }

  private long room(long bytes) {
    CudaBuffer old = buffer;
    if (old != null && old.bytes() >= bytes) {
      return old.address();
    }
    CudaBuffer larger = heap.allocate(bytes);
    if (old != null) {
      old.close();
    }
    buffer = larger;
    return larger.address();
  }

  long tokens() {
    return tokens;
  }

  long positions() {
    return tokens + rowBytes;
  }

  long pageStart() {
    return tokens + 2 * rowBytes;
  }

  long pages() {
    return tokens + 3 * rowBytes;
  }
}
