// Blocks of 32: value = scale * (nibble - 8); byte i holds elements i and i + 16.
#pragma once
#include "common.cuh"

struct BlockQ4_0 {
  u16 scale;
  u8 pairs[16];
};
static_assert(sizeof(BlockQ4_0) == 18, "Q4_0 block");

struct FormatQ4_0 {
  typedef BlockQ4_0 Block;
  static constexpr int kBlockElements = 32;
  static constexpr int kChunkBytes = 4;

  // Four bytes of a block hold four elements of its first half and four of its second.
  static __device__ __forceinline__ int first(int chunk) {
    return chunk / 4 * 32 + chunk % 4 * 4;
  }
  static __device__ __forceinline__ int second(int chunk) { return first(chunk) + 16; }

  static __device__ void pack(const Block* row, int chunk, int, u8* data, u16* scales, size_t at) {
    const Block* block = row + chunk / 4;
    int part = chunk % 4;
    for (int i = 0; i < 4; i++) {
      data[at * kChunkBytes + i] = block->pairs[part * 4 + i];
    }
    if (part == 0) {
      scales[at / 4] = block->scale;
    }
  }

  // The chunk's quants, still from 0 to 15, as two words of four bytes.
  static __device__ __forceinline__ float load_words(
      const u8* data, const u16* scales, size_t at, int& low, int& high) {
    u32 v = *reinterpret_cast<const u32*>(data + at * kChunkBytes);
    low = (int)(v & 0x0f0f0f0fu);
    high = (int)(v >> 4 & 0x0f0f0f0fu);
    return h2f(scales[at / 4]);
  }

  static __device__ __forceinline__ float load(
      const u8* data, const u16* scales, size_t at, float (&w)[8]) {
    int low, high;
    float scale = load_words(data, scales, at, low, high);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      w[i] = (float)((low >> 8 * i & 15) - 8);
      w[4 + i] = (float)((high >> 8 * i & 15) - 8);
    }
    return scale;
  }
};
