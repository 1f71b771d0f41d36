// Blocks of 32: value = scale * level of the nibble.
#pragma once
#include "blocks.cuh"
#include "levels.cuh"

struct BlockIQ4_NL {
  u16 scale;
  u8 pairs[16];
};
static_assert(sizeof(BlockIQ4_NL) == 18, "IQ4_NL block");

struct FormatIQ4_NL : Blocks<BlockIQ4_NL, 32, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return nibbles_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return nibbles_first(chunk) + 16; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    float scale = half_at(b, 0);
    u32 q = word(b, 4 + part * 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)level(q >> 8 * i & 15u);
      w[4 + i] = (float)level(q >> (8 * i + 4) & 15u);
    }
    return scale;
  }
};
