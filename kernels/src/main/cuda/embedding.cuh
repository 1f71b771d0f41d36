// Loading of weights into their device layout, and rows of the embedding table.
#pragma once
#include "chunks.cuh"

// Moves whole rows of file blocks to rows `first` and following of a matrix; one thread a chunk.
template <class F>
static __device__ __forceinline__ void pack_rows(
    const u8* raw, long long first, int rows, int cols, int chunks, u8* data, u16* scales) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= (long long)rows * chunks) {
    return;
  }
  long long row = i / chunks;
  const typename F::Block* blocks =
      reinterpret_cast<const typename F::Block*>(raw) + row * (cols / F::kBlockElements);
  F::pack(blocks, (int)(i % chunks), cols, data, scales, (size_t)(first * chunks + i));
}

// out[t] = table[tokens[t] + offset], decoded; one thread a chunk, one grid row a token.
template <class F>
static __device__ __forceinline__ void embed(
    const u8* data, const u16* scales, const int* tokens, int offset, float* out, int outPitch,
    int cols, int chunks) {
  int chunk = blockIdx.x * blockDim.x + threadIdx.x;
  if (chunk >= chunks) {
    return;
  }
  float w[8];
  float scale = F::load(data, scales, (size_t)(tokens[blockIdx.y] + offset) * chunks + chunk, w);
  float* row = out + (size_t)blockIdx.y * outPitch;
  for (int i = 0; i < 8; i++) {
    int c = (i < 4 ? F::first(chunk) : F::second(chunk) - 4) + i;
    if (c < cols) {
      row[c] = scale * w[i];
    }
  }
}

#define EMBEDDING_KERNELS(suffix, F)                                                                   \
  extern "C" __global__ void pack_rows_##suffix(                                             \
      const u8* raw, long long first, int rows, int cols, int chunks, u8* data, u16* scales) { \
    pack_rows<F>(raw, first, rows, cols, chunks, data, scales);                              \
  }                                                                                          \
  extern "C" __global__ void embed_##suffix(                                                 \
      const u8* data, const u16* scales, const int* tokens, int offset, float* out,          \
      int outPitch, int cols, int chunks) {                                                  \
    embed<F>(data, scales, tokens, offset, out, outPitch, cols, chunks);                     \
  }
