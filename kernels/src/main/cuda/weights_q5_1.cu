#include "format_q5_1.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q5_1, FormatQ5_1)
