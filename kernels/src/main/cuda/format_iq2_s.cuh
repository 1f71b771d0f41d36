// Blocks of 256: value = scale * (0.5 + group scale) / 4 * codebook element.
#pragma once
#include "blocks.cuh"
#include "codebook_iq2_s.cuh"
#include "codewords.cuh"

struct BlockIQ2_S {
  u16 scale;
  u8 low[32];
  u8 signs[32];
  u8 high[8];
  u8 groups[8];
};
static_assert(sizeof(BlockIQ2_S) == 82, "IQ2_S block");

struct FormatIQ2_S : Blocks<BlockIQ2_S, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int entry = b[4 + part] | (b[68 + part / 4] >> part % 4 * 2 & 3) << 8;
    int group = b[76 + part / 4] >> part / 2 % 2 * 4 & 15;
    eight_levels(codebook_iq2_s[entry], b[36 + part], w);
    return half_at(b, 0) * (0.5f + (float)group) * 0.25f;
  }
};
