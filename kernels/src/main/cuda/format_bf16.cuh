// The upper half of a single-precision float.
#pragma once
#include "common.cuh"

struct BlockBF16 {
  u16 bits;
};
static_assert(sizeof(BlockBF16) == 2, "BF16 element");

struct FormatBF16 {
  typedef BlockBF16 Block;
  static constexpr int kBlockElements = 1;
  static constexpr int kChunkBytes = 16;

  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ void pack(const Block* row, int chunk, int cols, u8* data, u16*, size_t at) {
    u16* to = reinterpret_cast<u16*>(data + at * kChunkBytes);
    for (int i = 0; i < 8; i++) {
      int c = chunk * 8 + i;
      to[i] = c < cols ? row[c].bits : (u16)0;
    }
  }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    uint4 v = *reinterpret_cast<const uint4*>(data + at * kChunkBytes);
    w[0] = b2f((u16)v.x), w[1] = b2f((u16)(v.x >> 16));
    w[2] = b2f((u16)v.y), w[3] = b2f((u16)(v.y >> 16));
    w[4] = b2f((u16)v.z), w[5] = b2f((u16)(v.z >> 16));
    w[6] = b2f((u16)v.w), w[7] = b2f((u16)(v.w >> 16));
    return 1.0f;
  }
};
