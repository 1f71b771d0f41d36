#include "format_q4_k.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q4_k, FormatQ4_K)
