#include "format_iq3_xxs.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(iq3_xxs, FormatIQ3_XXS)
