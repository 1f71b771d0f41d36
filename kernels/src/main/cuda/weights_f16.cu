#include "format_f16.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(f16, FormatF16)
