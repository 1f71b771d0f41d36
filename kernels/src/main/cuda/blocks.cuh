// What formats share whose blocks stay together on the device.
#pragma once
#include "common.cuh"

// Blocks of kElements in file order, padded to whole words; kGap bytes are left out after the first
// kHead of them, so that what follows is aligned.
template <class B, int kElements, int kHead = 0, int kGap = 0>
struct Blocks {
  typedef B Block;
  static constexpr int kBlockElements = kElements;
  static constexpr int kChunks = kElements / 8;
  static constexpr int kBytes = ((int)sizeof(B) + kGap + 3) / 4 * 4;

  static __device__ void pack(const B* row, int chunk, int, u8* data, u16*, size_t at) {
    const u8* from = reinterpret_cast<const u8*>(row + chunk / kChunks);
    u8* to = data + at / kChunks * kBytes;
    for (int i = chunk % kChunks; i < kBytes; i += kChunks) {
      int source = i < kHead ? i : i - kGap;
      bool gap = (i >= kHead && i < kHead + kGap) || source >= (int)sizeof(B);
      to[i] = gap ? (u8)0 : from[source];
    }
  }

  // The block of a chunk.
  static __device__ __forceinline__ const u8* block(const u8* data, size_t at) {
    return data + at / kChunks * kBytes;
  }
};

static __device__ __forceinline__ u32 word(const u8* block, int offset) {
  return *reinterpret_cast<const u32*>(block + offset);
}

static __device__ __forceinline__ float half_at(const u8* block, int offset) {
  return h2f(*reinterpret_cast<const u16*>(block + offset));
}

// Chunks of formats in whose blocks of 32 byte i holds elements i and i + 16: four bytes each.
static __device__ __forceinline__ int nibbles_first(int chunk) {
  return chunk / 4 * 32 + chunk % 4 * 4;
}

// Chunks of formats in which 32 bytes hold the nibbles of 64 elements: four bytes each.
static __device__ __forceinline__ int pairs_first(int chunk) {
  return chunk / 8 * 64 + chunk % 8 * 4;
}

// Chunks of formats in which 32 bytes hold four stripes of 32 elements: half of four bytes each.
static __device__ __forceinline__ int stripes_first(int chunk) {
  return chunk / 16 * 128 + chunk % 2 * 64 + chunk / 2 % 8 * 4;
}
