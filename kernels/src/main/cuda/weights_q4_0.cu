#include "format_q4_0.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q4_0, FormatQ4_0)
