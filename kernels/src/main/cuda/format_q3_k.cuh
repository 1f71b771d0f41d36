// Blocks of 256: value = scale * (group scale - 32) * (quant - 4).
#pragma once
#include "blocks.cuh"

struct BlockQ3_K {
  u8 thirds[32];
  u8 quants[64];
  u8 groups[12];
  u16 scale;
};
static_assert(sizeof(BlockQ3_K) == 110, "Q3_K block");

// Low nibbles of groups 0 to 7, high ones of groups 8 to 15; then two upper bits of each.
static __device__ __forceinline__ int group_scale(const u8* groups, int group) {
  int low = groups[group % 8] >> group / 8 * 4 & 15;
  return low | (groups[8 + group % 4] >> group / 4 * 2 & 3) << 4;
}

struct FormatQ3_K : Blocks<BlockQ3_K, 256> {
  static __device__ __forceinline__ int first(int chunk) { return stripes_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return stripes_first(chunk) + 32; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int e = stripes_first(part);
    int byte = part / 2 % 8 * 4;
    u32 q = word(b, 32 + part / 16 * 32 + byte) >> part % 2 * 4;
    u32 high = word(b, byte) >> (part / 16 * 4 + part % 2 * 2);
    float scale0 = half_at(b, 108) * (float)(group_scale(b + 96, e / 16) - 32);
    float scale1 = half_at(b, 108) * (float)(group_scale(b + 96, e / 16 + 2) - 32);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = scale0 * (float)((int)((q >> 8 * i & 3u) | (high >> 8 * i & 1u) << 2) - 4);
      w[4 + i] =
          scale1 * (float)((int)((q >> (8 * i + 2) & 3u) | (high >> (8 * i + 1) & 1u) << 2) - 4);
    }
    return 1.0f;
  }
};
