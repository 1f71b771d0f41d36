// Blocks of 256: value = scale * (group scale - 32) * level of the nibble.
#pragma once
#include "blocks.cuh"
#include "levels.cuh"

struct BlockIQ4_XS {
  u16 scale;
  u16 high;
  u8 low[4];
  u8 pairs[128];
};
static_assert(sizeof(BlockIQ4_XS) == 136, "IQ4_XS block");

struct FormatIQ4_XS : Blocks<BlockIQ4_XS, 256> {
  static __device__ __forceinline__ int first(int chunk) { return nibbles_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return nibbles_first(chunk) + 16; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int g = part / 4;
    int low = b[4 + g / 2] >> g % 2 * 4 & 15;
    int high = b[2 + g / 4] >> g % 4 * 2 & 3;
    float scale = half_at(b, 0) * (float)((low | high << 4) - 32);
    u32 q = word(b, 8 + part * 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)level(q >> 8 * i & 15u);
      w[4 + i] = (float)level(q >> (8 * i + 4) & 15u);
    }
    return scale;
  }
};
