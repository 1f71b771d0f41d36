// All kernels that read weights, for one format; a weights_*.cu file compiles them.
#pragma once
#include "dense.cuh"
#include "embedding.cuh"
#include "matrix.cuh"
#include "neurons.cuh"

#define WEIGHT_KERNELS(suffix, F) \
  MATRIX_KERNELS(suffix, F)       \
  EMBEDDING_KERNELS(suffix, F)    \
  NEURON_KERNELS(suffix, F)       \
  DENSE_KERNELS(suffix, F)
