// Blocks of 256: value = scale * (0.5 + group scale) / 4 * codebook element.
#pragma once
#include "blocks.cuh"
#include "codebook_iq2_xs.cuh"
#include "codewords.cuh"

struct BlockIQ2_XS {
  u16 scale;
  u16 codes[32];
  u8 groups[8];
};
static_assert(sizeof(BlockIQ2_XS) == 74, "IQ2_XS block");

struct FormatIQ2_XS : Blocks<BlockIQ2_XS, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    u32 code = *reinterpret_cast<const u16*>(b + 4 + part * 2);
    int group = b[68 + part / 4] >> part / 2 % 2 * 4 & 15;
    eight_levels(codebook_iq2_xs[code & 511u], even_signs(code >> 9), w);
    return half_at(b, 0) * (0.5f + (float)group) * 0.25f;
  }
};
