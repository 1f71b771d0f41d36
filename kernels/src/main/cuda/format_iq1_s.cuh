// Blocks of 256: value = scale * (2 * group scale + 1) * (codebook element + shift).
#pragma once
#include "blocks.cuh"
#include "codebook_iq1.cuh"
#include "codewords.cuh"

struct BlockIQ1_S {
  u16 scale;
  u8 low[32];
  u16 groups[8];
};
static_assert(sizeof(BlockIQ1_S) == 50, "IQ1_S block");

struct FormatIQ1_S : Blocks<BlockIQ1_S, 256, 2, 2> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    u32 group = *reinterpret_cast<const u16*>(b + 36 + part / 4 * 2);
    u32 entry = b[4 + part] | (group >> part % 4 * 3 & 7u) << 8;
    eight_shifted(codebook_iq1[entry], group >> 15 ? -0.125f : 0.125f, w);
    return half_at(b, 0) * (float)(2u * (group >> 12 & 7u) + 1u);
  }
};
