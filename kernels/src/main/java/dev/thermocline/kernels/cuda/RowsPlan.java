package dev.thermocline.kernels.cuda;

/**
 * Where rows will lie in a buffer that is still to be allocated.
 *
 * @param kernels of the format
 * @param data offset of the quants
 * @param scales offset of the scales, or -1 for formats without
 */
record RowsPlan(FormatKernels kernels, int rows, int cols, long data, long scales) {

  /** Reserves the room. */
  static RowsPlan of(DeviceLayout layout, FormatKernels kernels, int rows, int cols) {
    long data = layout.add(kernels.dataBytes(rows, cols));
    long scales = kernels.scaled() ? layout.add(kernels.scaleBytes(rows, cols)) : -1;
    return new RowsPlan(kernels, rows, cols, data, scales);
  }

  /** The rows in the buffer at {@code base}. */
  DeviceRows at(long base) {
    return new DeviceRows(kernels, rows, cols, base + data, scales < 0 ? 0 : base + scales);
  }
}
