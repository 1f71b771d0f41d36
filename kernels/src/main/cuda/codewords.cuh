// Entries of codebooks with their signs.
#pragma once
#include "common.cuh"

// Eight signs of which seven are stored: their number is even.
static __device__ __forceinline__ u32 even_signs(u32 seven) {
  return seven | (__popc(seven) & 1u) << 7;
}

// Eight levels of two bits: 8, 25 or 43; negative where signs has a bit.
static __device__ __forceinline__ void eight_levels(u32 entry, u32 signs, float (&w)[8]) {
#pragma unroll
  for (int i = 0; i < 8; i++) {
    int code = (int)(entry >> 2 * i & 3u);
    float level = (float)(8 + 17 * code + code / 2);
    w[i] = signs >> i & 1u ? -level : level;
  }
}

// Eight levels of two bits: -1, 0 or 1; all shifted.
static __device__ __forceinline__ void eight_shifted(u32 entry, float shift, float (&w)[8]) {
#pragma unroll
  for (int i = 0; i < 8; i++) {
    w[i] = (float)((int)(entry >> 2 * i & 3u) - 1) + shift;
  }
}
