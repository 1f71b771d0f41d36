// Blocks of 256: value = scale * (0.5 + group scale) / 4 * codebook element.
#pragma once
#include "blocks.cuh"
#include "codebook_iq2_xxs.cuh"
#include "codewords.cuh"

struct BlockIQ2_XXS {
  u16 scale;
  u8 groups[64];
};
static_assert(sizeof(BlockIQ2_XXS) == 66, "IQ2_XXS block");

struct FormatIQ2_XXS : Blocks<BlockIQ2_XXS, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int g = part / 4;
    u32 rest = word(b, 8 + g * 8);
    u32 entry = b[4 + g * 8 + part % 4];
    eight_levels(codebook_iq2_xxs[entry], even_signs(rest >> part % 4 * 7 & 127u), w);
    return half_at(b, 0) * (0.5f + (float)(rest >> 28)) * 0.25f;
  }
};
