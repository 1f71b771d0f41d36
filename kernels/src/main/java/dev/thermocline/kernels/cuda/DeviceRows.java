package dev.thermocline.kernels.cuda;

/**
 * Rows of a weight in device memory, quants and scales apart, as {@code chunks.cuh} describes. Part
 * of somebody's buffer.
 *
 * @param kernels of the format
 * @param rows how many
 * @param cols elements of a row, without the padding
 * @param data address of the quants
 * @param scales address of the scales, or null's for formats without
 */
record DeviceRows(FormatKernels kernels, int rows, int cols, long data, long scales) {
  int chunks() {
    return DeviceFormat.chunks(cols);
  }
}
