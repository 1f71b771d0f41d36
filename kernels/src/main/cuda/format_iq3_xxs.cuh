// Blocks of 256: value = scale * (0.5 + group scale) / 2 * codebook element.
#pragma once
#include "blocks.cuh"
#include "codebook_iq3_xxs.cuh"
#include "codewords.cuh"

struct BlockIQ3_XXS {
  u16 scale;
  u8 indices[64];
  u8 groups[32];
};
static_assert(sizeof(BlockIQ3_XXS) == 98, "IQ3_XXS block");

// 4, 12, 20 and so on; the last one is 62.
static __device__ __forceinline__ float level_iq3_xxs(u32 code) {
  return (float)(code < 7u ? 4u + 8u * code : 62u);
}

struct FormatIQ3_XXS : Blocks<BlockIQ3_XXS, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    u32 rest = word(b, 68 + part / 4 * 4);
    u32 signs = even_signs(rest >> part % 4 * 7 & 127u);
    u32 entry0 = codebook_iq3_xxs[b[4 + part * 2]];
    u32 entry1 = codebook_iq3_xxs[b[5 + part * 2]];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float level0 = level_iq3_xxs(entry0 >> 3 * i & 7u);
      float level1 = level_iq3_xxs(entry1 >> 3 * i & 7u);
      w[i] = signs >> i & 1u ? -level0 : level0;
      w[4 + i] = signs >> (4 + i) & 1u ? -level1 : level1;
    }
    return half_at(b, 0) * (0.5f + (float)(rest >> 28)) * 0.5f;
  }
};
