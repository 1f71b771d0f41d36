#include "format_iq3_s.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq3_s, FormatIQ3_S)
