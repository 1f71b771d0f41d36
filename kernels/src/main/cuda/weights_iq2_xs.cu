#include "format_iq2_xs.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq2_xs, FormatIQ2_XS)
