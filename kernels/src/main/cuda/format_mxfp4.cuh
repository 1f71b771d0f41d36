// Blocks of 32 (OCP microscaling formats): value = power of two * four-bit float.
#pragma once
#include "blocks.cuh"

struct BlockMXFP4 {
  u8 exponent;
  u8 pairs[16];
};
static_assert(sizeof(BlockMXFP4) == 17, "MXFP4 block");

// Twice the value of a float of one sign, two exponent bits and one fraction bit.
static __device__ __forceinline__ int doubled_e2m1(u32 nibble) {
  u32 magnitudes = nibble & 4u ? 0x0c080604u : 0x03020100u;
  int magnitude = (int)(magnitudes >> 8 * (nibble & 3u) & 255u);
  return nibble & 8u ? -magnitude : magnitude;
}

struct FormatMXFP4 : Blocks<BlockMXFP4, 32, 1, 3> {
  static __device__ __forceinline__ int first(int chunk) { return nibbles_first(chunk); }
  static __device__ __forceinline__ int second(int chunk) { return nibbles_first(chunk) + 16; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    // Half of the power, since the table holds doubled values; the two smallest are subnormal.
    u32 e = b[0];
    float scale = __uint_as_float(e < 2u ? 0x200000u << e : (e - 1u) << 23);
    u32 q = word(b, 4 + part * 4);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)doubled_e2m1(q >> 8 * i & 15u);
      w[4 + i] = (float)doubled_e2m1(q >> (8 * i + 4) & 15u);
    }
    return scale;
  }
};
