// Around the library products that stand in for neuron_test and neuron_multiply while a prompt is
// read: with many tokens nearly every neuron is active for one of them.
#include "activation.cuh"
#include "formats.cuh"

// Rows first .. first + rows - 1 of a matrix as floats, padding included; one thread a chunk.
template <class F>
static __device__ __forceinline__ void unpack(
    const u8* __restrict__ data, const u16* __restrict__ scales, int first, int rows, int chunks,
    float* __restrict__ out) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= (long long)rows * chunks) {
    return;
  }
  float w[8];
  float scale = F::load(data, scales, (size_t)first * chunks + i, w);
  int chunk = (int)(i % chunks);
  float* row = out + i / chunks * chunks * 8;
  *reinterpret_cast<float4*>(row + F::first(chunk)) =
      make_float4(scale * w[0], scale * w[1], scale * w[2], scale * w[3]);
  *reinterpret_cast<float4*>(row + F::second(chunk)) =
      make_float4(scale * w[4], scale * w[5], scale * w[6], scale * w[7]);
}

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

#define KERNELS(suffix, F)                                                                      \
  extern "C" __global__ void dense_unpack_##suffix(                                             \
      const u8* data, const u16* scales, int first, int rows, int chunks, float* out) {         \
    unpack<F>(data, scales, first, rows, chunks, out);                                          \
  }
FOR_EACH_FORMAT(KERNELS)
