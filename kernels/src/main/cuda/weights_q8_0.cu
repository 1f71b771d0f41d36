#include "format_q8_0.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q8_0, FormatQ8_0)
