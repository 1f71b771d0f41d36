#include "format_iq1_s.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq1_s, FormatIQ1_S)
