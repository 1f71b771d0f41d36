// Around the products of several tokens that stand in for neuron_test and neuron_multiply: with
// many tokens nearly every neuron is active for one of them.
#include "activation.cuh"

// values[t][j] = act(values[t][j] + bias[j]); one thread a neuron, one grid row a token.
extern "C" __global__ void dense_activate(
    float* values, const float* __restrict__ bias, int held, int function) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j < held) {
    float* v = values + (size_t)blockIdx.y * held + j;
    *v = activate(function, bias == 0 ? *v : *v + bias[j]);
  }
}

// values[t][j] *= factor(products[t][j] + bias[j]); one thread a neuron, one grid row a token.
extern "C" __global__ void dense_multiply(
    float* values, const float* __restrict__ products, const float* __restrict__ bias, int held,
    int function) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j < held) {
    size_t at = (size_t)blockIdx.y * held + j;
    values[at] *= up_factor(function, bias == 0 ? products[at] : products[at] + bias[j]);
  }
}

