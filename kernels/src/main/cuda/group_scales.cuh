// Scales and minima of the eight groups of a Q4_K or Q5_K block, six bits each in twelve bytes.
#pragma once
#include "common.cuh"

static __device__ __forceinline__ int group_scale(const u8* groups, int group) {
  return group < 4 ? groups[group] & 63
                   : (groups[group + 4] & 15) | (groups[group - 4] >> 6) << 4;
}

static __device__ __forceinline__ int group_minimum(const u8* groups, int group) {
  return group < 4 ? groups[group + 4] & 63
                   : groups[group + 4] >> 4 | (groups[group] >> 6) << 4;
}
