// Blocks of 256, as Q4_K with fifth bits: byte i holds those of element i of the eight groups.
#pragma once
#include "blocks.cuh"
#include "group_scales.cuh"

struct BlockQ5_K {
  u16 scale;
  u16 minimum;
  u8 groups[12];
  u8 fifths[32];
  u8 pairs[128];
};
static_assert(sizeof(BlockQ5_K) == 176, "Q5_K block");

struct FormatQ5_K : Blocks<BlockQ5_K, 256> {
  static __device__ __forceinline__ int first(int chunk) { return pairs_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return pairs_first(chunk) + 32; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int g = part / 8 * 2;
    float scale0 = half_at(b, 0) * (float)group_scale(b + 4, g);
    float scale1 = half_at(b, 0) * (float)group_scale(b + 4, g + 1);
    float minimum0 = half_at(b, 2) * (float)group_minimum(b + 4, g);
    float minimum1 = half_at(b, 2) * (float)group_minimum(b + 4, g + 1);
    u32 high = word(b, 16 + part % 8 * 4) >> g;
    u32 q = word(b, 48 + part * 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = scale0 * (float)((q >> 8 * i & 15u) | (high >> 8 * i & 1u) << 4) - minimum0;
      w[4 + i] =
          scale1 * (float)((q >> (8 * i + 4) & 15u) | (high >> (8 * i + 1) & 1u) << 4) - minimum1;
    }
    return 1.0f;
  }
};
