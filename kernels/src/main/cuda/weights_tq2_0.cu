#include "format_tq2_0.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(tq2_0, FormatTQ2_0)
