#include "format_q3_k.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(q3_k, FormatQ3_K)
