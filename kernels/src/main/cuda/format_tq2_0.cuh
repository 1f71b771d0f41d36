// Blocks of 256: value = scale * (code - 1).
#pragma once
#include "blocks.cuh"

struct BlockTQ2_0 {
  u8 codes[64];
  u16 scale;
};
static_assert(sizeof(BlockTQ2_0) == 66, "TQ2_0 block");

struct FormatTQ2_0 : Blocks<BlockTQ2_0, 256> {
  static __device__ __forceinline__ int first(int chunk) { return stripes_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return stripes_first(chunk) + 32; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    u32 q = word(b, part / 16 * 32 + part / 2 % 8 * 4) >> part % 2 * 4;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)((int)(q >> 8 * i & 3u) - 1);
      w[4 + i] = (float)((int)(q >> (8 * i + 2) & 3u) - 1);
    }
    return half_at(b, 64);
  }
};
