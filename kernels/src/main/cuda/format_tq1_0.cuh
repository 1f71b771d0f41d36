// Blocks of 256: value = scale * (ternary digit - 1); five digits a byte, as a fraction.
#pragma once
#include "blocks.cuh"

struct BlockTQ1_0 {
  u8 fives[48];
  u8 fours[4];
  u16 scale;
};
static_assert(sizeof(BlockTQ1_0) == 54, "TQ1_0 block");

static __device__ __forceinline__ int ternary_digit(int fraction, int n) {
  int power = n == 0 ? 1 : n == 1 ? 3 : n == 2 ? 9 : n == 3 ? 27 : 81;
  return (fraction * power & 255) * 3 >> 8;
}

struct FormatTQ1_0 : Blocks<BlockTQ1_0, 256> {
  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const u8* b = block(data, at);
    int part = (int)(at % kChunks);
    // Digit n of bytes 0 to 31, of bytes 32 to 47, of the last four.
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int e = part * 8 + i;
      int fraction = e < 160 ? b[e % 32] : e < 240 ? b[32 + e % 16] : b[48 + e % 4];
      int n = e < 160 ? e / 32 : e < 240 ? (e - 160) / 16 : (e - 240) / 4;
      w[i] = (float)(ternary_digit(fraction, n) - 1);
    }
    return half_at(b, 52);
  }
};
