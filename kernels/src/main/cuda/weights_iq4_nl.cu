#include "format_iq4_nl.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq4_nl, FormatIQ4_NL)
