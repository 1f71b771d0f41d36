// IEEE half precision.
#pragma once
#include "common.cuh"

struct BlockF16 {
  u16 bits;
};
static_assert(sizeof(BlockF16) == 2, "F16 element");

struct FormatF16 {
  typedef BlockF16 Block;
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
    w[0] = h2f((u16)v.x), w[1] = h2f((u16)(v.x >> 16));
    w[2] = h2f((u16)v.y), w[3] = h2f((u16)(v.y >> 16));
    w[4] = h2f((u16)v.z), w[5] = h2f((u16)(v.z >> 16));
    w[6] = h2f((u16)v.w), w[7] = h2f((u16)(v.w >> 16));
    return 1.0f;
  }
};
