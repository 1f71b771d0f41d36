#include "format_f32.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(f32, FormatF32)
