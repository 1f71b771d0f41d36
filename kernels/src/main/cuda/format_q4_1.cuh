// Blocks of 32: value = scale * nibble + minimum.
#pragma once
#include "blocks.cuh"

struct BlockQ4_1 {
  u16 scale;
  u16 minimum;
  u8 pairs[16];
};
static_assert(sizeof(BlockQ4_1) == 20, "Q4_1 block");

struct FormatQ4_1 : Blocks<BlockQ4_1, 32> {
  static __device__ __forceinline__ int first(int chunk) { return nibbles_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return nibbles_first(chunk) + 16; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    float scale = half_at(b, 0);
    float minimum = half_at(b, 2);
    u32 q = word(b, 4 + part * 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = scale * (float)(q >> 8 * i & 15u) + minimum;
      w[4 + i] = scale * (float)(q >> (8 * i + 4) & 15u) + minimum;
    }
    return 1.0f;
  }
};
