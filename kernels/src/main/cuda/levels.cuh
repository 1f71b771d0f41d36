// The 16 levels that the nibbles of IQ4_NL and IQ4_XS name.
#pragma once
#include "common.cuh"

static __device__ __forceinline__ int level(u32 nibble) {
  // Two words of four signed bytes for each half of the table.
  u32 low = nibble & 4u ? 0xf6eaddcfu : 0xbfad9881u;
  u32 high = nibble & 4u ? 0x71594535u : 0x26190d01u;
  return (i8)((nibble & 8u ? high : low) >> 8 * (nibble & 3u));
}
