// Blocks of 32: value = scale * quant.
#pragma once
#include "common.cuh"

struct BlockQ8_0 {
  u16 scale;
  i8 quants[32];
};
static_assert(sizeof(BlockQ8_0) == 34, "Q8_0 block");

struct FormatQ8_0 {
  typedef BlockQ8_0 Block;
  static constexpr int kBlockElements = 32;
  static constexpr int kChunkBytes = 8;

  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ void pack(const Block* row, int chunk, int, u8* data, u16* scales, size_t at) {
    const Block* block = row + chunk / 4;
    int part = chunk % 4;
    for (int i = 0; i < 8; i++) {
      data[at * kChunkBytes + i] = (u8)block->quants[part * 8 + i];
    }
    if (part == 0) {
      scales[at / 4] = block->scale;
    }
  }

  // The chunk's quants as two words of four signed bytes.
  static __device__ __forceinline__ float load_words(
      const u8* data, const u16* scales, size_t at, int& low, int& high) {
    int2 v = *reinterpret_cast<const int2*>(data + at * kChunkBytes);
    low = v.x;
    high = v.y;
    return h2f(scales[at / 4]);
  }

  static __device__ __forceinline__ float load(
      const u8* data, const u16* scales, size_t at, float (&w)[8]) {
    int low, high;
    float scale = load_words(data, scales, at, low, high);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)(i8)(low >> 8 * i);
      w[4 + i] = (float)(i8)(high >> 8 * i);
    }
    return scale;
  }
};
