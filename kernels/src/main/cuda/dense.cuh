// Rows of weights as floats, for library products.
#pragma once
#include "chunks.cuh"

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

#define DENSE_KERNELS(suffix, F)                                                                      \
  extern "C" __global__ void dense_unpack_##suffix(                                             \
      const u8* data, const u16* scales, int first, int rows, int chunks, float* out) {         \
    unpack<F>(data, scales, first, rows, chunks, out);                                          \
  }
