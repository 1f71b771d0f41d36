#include "format_iq4_xs.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq4_xs, FormatIQ4_XS)
