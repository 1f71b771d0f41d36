// Blocks of 256: value = scale * (1 + 2 * group scale) * codebook element.
#pragma once
#include "blocks.cuh"
#include "codebook_iq3_s.cuh"

struct BlockIQ3_S {
  u16 scale;
  u8 low[64];
  u8 high[8];
  u8 signs[32];
  u8 groups[4];
};
static_assert(sizeof(BlockIQ3_S) == 110, "IQ3_S block");

struct FormatIQ3_S : Blocks<BlockIQ3_S, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int high = b[68 + part / 4] >> part % 4 * 2;
    u32 signs = b[76 + part];
    u32 entry0 = codebook_iq3_s[b[4 + part * 2] | (high & 1) << 8];
    u32 entry1 = codebook_iq3_s[b[5 + part * 2] | (high & 2) << 7];
    int group = b[108 + part / 8] >> part / 4 % 2 * 4 & 15;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float level0 = (float)(1u + 2u * (entry0 >> 3 * i & 7u));
      float level1 = (float)(1u + 2u * (entry1 >> 3 * i & 7u));
      w[i] = signs >> i & 1u ? -level0 : level0;
      w[4 + i] = signs >> (4 + i) & 1u ? -level1 : level1;
    }
    return half_at(b, 0) * (float)(1 + 2 * group);
  }
};
