#include "format_q4_1.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q4_1, FormatQ4_1)
