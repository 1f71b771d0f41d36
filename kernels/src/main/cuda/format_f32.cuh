// Single precision.
#pragma once
#include "common.cuh"

struct BlockF32 {
  float value;
};
static_assert(sizeof(BlockF32) == 4, "F32 element");

struct FormatF32 {
  typedef BlockF32 Block;
  static constexpr int kBlockElements = 1;
  static constexpr int kChunkBytes = 32;

  static __device__ __forceinline__ int first(int chunk) { return chunk * 8; }
  static __device__ __forceinline__ int second(int chunk) { return chunk * 8 + 4; }

  static __device__ void pack(const Block* row, int chunk, int cols, u8* data, u16*, size_t at) {
    float* to = reinterpret_cast<float*>(data + at * kChunkBytes);
    for (int i = 0; i < 8; i++) {
      int c = chunk * 8 + i;
      to[i] = c < cols ? row[c].value : 0.0f;
    }
  }

  static __device__ __forceinline__ float load(
      const u8* data, const u16*, size_t at, float (&w)[8]) {
    const float4* from = reinterpret_cast<const float4*>(data + at * kChunkBytes);
    float4 a = from[0];
    float4 b = from[1];
    w[0] = a.x, w[1] = a.y, w[2] = a.z, w[3] = a.w;
    w[4] = b.x, w[5] = b.y, w[6] = b.z, w[7] = b.w;
    return 1.0f;
  }
};
