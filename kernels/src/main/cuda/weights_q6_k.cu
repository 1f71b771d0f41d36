#include "format_q6_k.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q6_k, FormatQ6_K)
