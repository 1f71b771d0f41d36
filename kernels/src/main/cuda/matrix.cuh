// Dense products out[t][r] = W[r] . x[t], and products with some of the rows.
#pragma once
#include "chunks.cuh"
#include "row_set.cuh"

// One warp for R rows; T tokens share the reading of their weights, further ones lie along the grid.
// The sum of a row and token is formed in the same order for every T and R, so that a batch equals
// its tokens alone.
template <class F, int T, int R>
static __device__ __forceinline__ void multiply(
    const u8* __restrict__ data, const u16* __restrict__ scales, const float* __restrict__ x,
    int xPitch, float* __restrict__ out, int outPitch, int rows, int chunks, int tokens) {
  int row = (blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5)) * R;
  int lane = threadIdx.x & 31;
  int first = blockIdx.y * T;
  if (row >= rows) {
    return;
  }
  x += (size_t)first * xPitch;
  int here = tokens - first < T ? tokens - first : T;
  float sums[R][T] = {};
#pragma unroll (T == 1 ? Ahead<F>::kRow : 1)
  for (int c = lane; c < chunks; c += 32) {
    float w[R][8];
    float scale[R];
#pragma unroll
    for (int r = 0; r < R; r++) {
      // Past the last row, its weights once more.
      int from = row + r < rows ? row + r : rows - 1;
      scale[r] = F::load(data, scales, (size_t)from * chunks + c, w[r]);
    }
#pragma unroll
    for (int t = 0; t < T; t++) {
      // Past the last token, its input once more: branches would keep reads apart.
      const float* from = x + (size_t)(t < here ? t : here - 1) * xPitch;
#pragma unroll
      for (int r = 0; r < R; r++) {
        sums[r][t] = fmaf(scale[r], dot_chunk<F>(w[r], from, c), sums[r][t]);
      }
    }
  }
#pragma unroll
  for (int t = 0; t < T; t++) {
    if (t < here) {
#pragma unroll
      for (int r = 0; r < R; r++) {
        float sum = warp_sum(sums[r][t]);
        if (lane == 0 && row + r < rows) {
          out[(size_t)(first + t) * outPitch + row + r] = sum;
        }
      }
    }
  }
}

// As above for one token and the rows whose bit is set; other elements of out stay.
template <class F>
static __device__ __forceinline__ void multiply_rows(
    const u8* __restrict__ data, const u16* __restrict__ scales, const u32* __restrict__ mask,
    const float* __restrict__ x, float* __restrict__ out, int rows, int chunks) {
  int row = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  if (row >= rows || !has_row(mask, row)) {
    return;
  }
  float sum = dot_row<F>(data, scales, row, chunks, x, lane);
  if (lane == 0) {
    out[row] = sum;
  }
}

#define MATRIX_KERNELS(suffix, F)                                                                    \
  extern "C" __global__ void __launch_bounds__(128, 8) matrix_multiply_##suffix(                                        \
      const u8* data, const u16* scales, const float* x, int xPitch, float* out, int outPitch, \
      int rows, int chunks, int tokens) {                                                     \
    multiply<F, 1, 1>(data, scales, x, xPitch, out, outPitch, rows, chunks, tokens);             \
  }                                                                                           \
  extern "C" __global__ void __launch_bounds__(128, 4) matrix_multiply_batch_##suffix(                                  \
      const u8* data, const u16* scales, const float* x, int xPitch, float* out, int outPitch, \
      int rows, int chunks, int tokens) {                                                     \
    multiply<F, 8, 4>(data, scales, x, xPitch, out, outPitch, rows, chunks, tokens);             \
  }                                                                                           \
  extern "C" __global__ void __launch_bounds__(128, 4) matrix_multiply_rows_##suffix(                                   \
      const u8* data, const u16* scales, const u32* mask, const float* x, float* out, int rows, \
      int chunks) {                                                                           \
    multiply_rows<F>(data, scales, mask, x, out, rows, chunks);                               \
  }
