// Blocks of 256: value = scale * group scale * quant - minimum * group minimum.
#pragma once
#include "blocks.cuh"

struct BlockQ2_K {
  u8 groups[16];
  u8 quants[64];
  u16 scale;
  u16 minimum;
};
static_assert(sizeof(BlockQ2_K) == 84, "Q2_K block");

struct FormatQ2_K : Blocks<BlockQ2_K, 256> {
  static __device__ __forceinline__ int first(int chunk) { return stripes_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return stripes_first(chunk) + 32; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int e = stripes_first(part);
    u32 q = word(b, 16 + part / 16 * 32 + part / 2 % 8 * 4) >> part % 2 * 4;
    int g0 = b[e / 16];
    int g1 = b[e / 16 + 2];
    float scale0 = half_at(b, 80) * (float)(g0 & 15);
    float scale1 = half_at(b, 80) * (float)(g1 & 15);
    float minimum0 = half_at(b, 82) * (float)(g0 >> 4);
    float minimum1 = half_at(b, 82) * (float)(g1 >> 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = scale0 * (float)(q >> 8 * i & 3u) - minimum0;
      w[4 + i] = scale1 * (float)(q >> (8 * i + 2) & 3u) - minimum1;
    }
    return 1.0f;
  }
};
