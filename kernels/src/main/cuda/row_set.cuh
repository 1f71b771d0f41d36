// Sets of rows as Java's RowSet keeps them: row i is bit i % 32 of word i / 32.
#pragma once
#include "common.cuh"

static __device__ __forceinline__ bool has_row(const u32* set, int row) {
  return set[row >> 5] >> (row & 31) & 1u;
}

// Whether held neuron j may be computed for the grid's token. masks [tokens][words], or null.
static __device__ __forceinline__ bool candidate(
    const u32* masks, int words, const int* ids, int token, int j) {
  return masks == 0 || has_row(masks + (size_t)token * words, ids[j]);
}
