#include "format_iq2_s.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq2_s, FormatIQ2_S)
