#include "format_q5_0.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q5_0, FormatQ5_0)
