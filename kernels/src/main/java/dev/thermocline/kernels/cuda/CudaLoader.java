package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Moves weights from the mapped file to the device: whole rows through the staging buffer into a
 * small device buffer, from where a kernel takes their blocks apart.
 */
final class CudaLoader {
  private static final int THREADS = 256;

  private final CudaTransfers transfers;
  private final CudaBuffer raw;

  CudaLoader(CudaHeap heap, CudaTransfers transfers) {
    this.transfers = transfers;
    this.raw = heap.allocate(transfers.capacity());
  }

  /**
   * Enqueues the loading of rows of a tensor. The tensor's bytes have been read when this returns.
   *
   * @param rows which rows, one for every row of {@code to}, or null for all
   */
  void load(Tensor tensor, int @Nullable [] rows, DeviceRows to) {
    long rowBytes = tensor.rowBytes();
    if (rowBytes > raw.bytes()) {
      throw new IllegalArgumentException(
          tensor + ": expected rows of at most " + raw.bytes() + " bytes, got " + rowBytes);
    }
    int piece = (int) Math.min(to.rows(), raw.bytes() / rowBytes);
    for (int first = 0; first < to.rows(); first += piece) {
      int count = Math.min(piece, to.rows() - first);
      long at = transfers.take(count * rowBytes);
      copy(tensor, rows, first, count, at);
      transfers.send(at, raw.address(), count * rowBytes);
      pack(first, count, to);
    }
  }

  private void copy(Tensor tensor, int @Nullable [] rows, int first, int count, long at) {
    MemorySegment staging = transfers.staging();
    long rowBytes = tensor.rowBytes();
    if (rows == null) {
      MemorySegment.copy(tensor.data(), first * rowBytes, staging, at, count * rowBytes);
      return;
    }
    for (int i = 0; i < count; i++) {
      long from = rows[first + i] * rowBytes;
      MemorySegment.copy(tensor.data(), from, staging, at + i * rowBytes, rowBytes);
    }
  }

  private void pack(int first, int count, DeviceRows to) {
    to.kernels()
        .packRows()
        .begin()
        .address(raw.address())
        .longer(first)
        .integer(count)
        .integer(to.cols())
        .integer(to.chunks())
        .address(to.data())
        .address(to.scales())
        .run(CudaLaunch.blocks((long) count * to.chunks(), THREADS), 1, 1, THREADS);
  }
}
