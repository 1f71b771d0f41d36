#include "format_mxfp4.cuh"
#include "weights.cuh"

WEIGHT_KERNELS(mxfp4, FormatMXFP4)
