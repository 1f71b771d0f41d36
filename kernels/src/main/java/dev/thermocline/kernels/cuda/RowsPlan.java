package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Tensor;

/**
 * Where rows will lie in a buffer that is still to be allocated.
 *
 * @param data offset of the elements
 * @param scales offset of the scales, or -1 for formats without
 */
record RowsPlan(DeviceFormat format, int rows, int cols, long data, long scales) {

  /** Reserves room for {@code rows} rows of a tensor. */
  static RowsPlan of(DeviceLayout layout, Tensor tensor, int rows) {
    DeviceFormat format = DeviceFormat.of(tensor.format());
    int cols = tensor.cols();
    long data = layout.add(format.dataBytes(rows, cols));
    long scales = format.scaled() ? layout.add(format.scaleBytes(rows, cols)) : -1;
    return new RowsPlan(format, rows, cols, data, scales);
  }

  /** The rows in the buffer at {@code base}. */
  DeviceRows at(long base, CudaLibrary library) {
    return new DeviceRows(
        library.of(format), rows, cols, base + data, scales < 0 ? 0 : base + scales);
  }
}
