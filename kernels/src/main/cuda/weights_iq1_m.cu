#include "format_iq1_m.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq1_m, FormatIQ1_M)
