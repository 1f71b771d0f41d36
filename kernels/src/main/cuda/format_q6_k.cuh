// Blocks of 256: value = scale * group scale * (six bits - 32).
#pragma once
#include "blocks.cuh"

struct BlockQ6_K {
  u8 low[128];
  u8 high[64];
  i8 groups[16];
  u16 scale;
};
static_assert(sizeof(BlockQ6_K) == 210, "Q6_K block");

struct FormatQ6_K : Blocks<BlockQ6_K, 256> {
  static __device__ __forceinline__ int first(int chunk) { return chunk / 16 * 128 + chunk / 8 % 2 * 32 + chunk % 8 * 4; }
  static __device__ __forceinline__ int second(int chunk) { return first(chunk) + 64; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    // Half h of the block, stripes j and j + 2 of it.
    int h = part / 16;
    int j = part / 8 % 2;
    u32 q = word(b, part * 4);
    u32 high = word(b, 128 + h * 32 + part % 8 * 4) >> 2 * j;
    int group = 192 + h * 8 + j * 2 + part % 8 / 4;
    float scale0 = half_at(b, 208) * (float)(i8)b[group];
    float scale1 = half_at(b, 208) * (float)(i8)b[group + 4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = scale0 * (float)((int)((q >> 8 * i & 15u) | (high >> 8 * i & 3u) << 4) - 32);
      w[4 + i] =
          scale1 * (float)((int)((q >> (8 * i + 4) & 15u) | (high >> (8 * i + 4) & 3u) << 4) - 32);
    }
    return 1.0f;
  }
};
