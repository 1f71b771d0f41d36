#include "format_tq1_0.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(tq1_0, FormatTQ1_0)
