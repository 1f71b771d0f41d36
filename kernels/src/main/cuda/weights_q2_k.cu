#include "format_q2_k.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q2_k, FormatQ2_K)
