#include "format_iq2_xxs.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq2_xxs, FormatIQ2_XXS)
