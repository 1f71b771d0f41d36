// Blocks of 256: value = scale * (2 * group scale + 1) * (codebook element + shift).
#pragma once
#include "blocks.cuh"
#include "codebook_iq1.cuh"
#include "codewords.cuh"

struct BlockIQ1_M {
  u8 low[32];
  u8 high[16];
  u16 groups[4];
};
static_assert(sizeof(BlockIQ1_M) == 56, "IQ1_M block");

struct FormatIQ1_M : Blocks<BlockIQ1_M, 256> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    int high = b[32 + part / 2] >> part % 2 * 4;
    int entry = b[part] | (high & 7) << 8;
    u32 first = word(b, 48);
    u32 second = word(b, 52);
    // The highest four bits of four short numbers are a half-precision scale.
    u32 common = (first >> 12 & 15u) | (first >> 24 & 0xf0u) | (second >> 4 & 0xf00u) |
                 (second >> 16 & 0xf000u);
    u32 groups = part < 16 ? first : second;
    u32 group = groups >> (part / 8 % 2 * 16 + part / 2 % 4 * 3) & 7u;
    eight_shifted(codebook_iq1[entry], high & 8 ? -0.125f : 0.125f, w);
    return h2f((u16)common) * (float)(2u * group + 1u);
  }
};
