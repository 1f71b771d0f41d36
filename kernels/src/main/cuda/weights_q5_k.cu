#include "format_q5_k.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q5_k, FormatQ5_K)
