#include "format_bf16.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(bf16, FormatBF16)
