// Weight formats behind one small interface.
//
// On the device a matrix is two arrays: the blocks of all rows and, for some formats, the scales of
// all blocks apart, so that quants can be loaded in aligned words. Rows are padded with zeros to a
// multiple of 32 elements. The unit of work is a chunk of eight elements; a row of 32 k elements
// has 4 k chunks, and chunk c of row r is number r * chunks + c of the matrix. A format F has
//
//   Block                       the block as the file stores it
//   pack(row, c, cols, ...)     moves chunk c of a row of blocks to its place
//   load(data, scales, at, w)   the chunk's elements, to be multiplied by the result
//   first(c), second(c)         where elements w[0..3] and w[4..7] of chunk c belong in the row
#pragma once
#include "common.cuh"

// Chunks that a thread reads at once: several where decoding takes little code, so that a read that
// takes most of a microsecond is not waited for alone.
template <class F>
struct Ahead {
  static constexpr bool kSmall = sizeof(typename F::Block) <= 40;
  static constexpr int kRow = kSmall ? 4 : 1;
  static constexpr int kNeurons = kSmall ? 8 : 2;
};

// Products of the eight weights of a chunk with their elements of x, added up.
template <class F>
static __device__ __forceinline__ float dot_chunk(
    const float (&w)[8], const float* __restrict__ x, int chunk) {
  float4 a = *reinterpret_cast<const float4*>(x + F::first(chunk));
  float4 b = *reinterpret_cast<const float4*>(x + F::second(chunk));
  float sum = w[0] * a.x;
  sum = fmaf(w[1], a.y, sum);
  sum = fmaf(w[2], a.z, sum);
  sum = fmaf(w[3], a.w, sum);
  sum = fmaf(w[4], b.x, sum);
  sum = fmaf(w[5], b.y, sum);
  sum = fmaf(w[6], b.z, sum);
  return fmaf(w[7], b.w, sum);
}

// W[row] . x by one warp; every lane gets the sum.
template <class F>
static __device__ __forceinline__ float dot_row(
    const u8* __restrict__ data, const u16* __restrict__ scales, size_t row, int chunks,
    const float* __restrict__ x, int lane) {
  float sum = 0.0f;
#pragma unroll (Ahead<F>::kRow)
  for (int c = lane; c < chunks; c += 32) {
    float w[8];
    float scale = F::load(data, scales, row * chunks + c, w);
    sum = fmaf(scale, dot_chunk<F>(w, x, c), sum);
  }
  return warp_sum(sum);
}
