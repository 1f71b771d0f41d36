// The parts of the feed-forward pipeline that read weights; neurons.cu describes it.
#pragma once
#include "activation.cuh"
#include "chunks.cuh"
#include "row_set.cuh"

// One warp a neuron, one grid row a token.
template <class F>
static __device__ __forceinline__ void test(
    const u8* __restrict__ data, const u16* __restrict__ scales, const float* __restrict__ bias,
    const int* __restrict__ ids, const u32* __restrict__ masks, int words,
    const float* __restrict__ x, int xPitch, float* __restrict__ values, int held, int chunks,
    int function) {
  int j = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  int token = blockIdx.y;
  if (j >= held || !candidate(masks, words, ids, token, j)) {
    return;
  }
  float sum = dot_row<F>(data, scales, j, chunks, x + (size_t)token * xPitch, lane);
  if (lane == 0) {
    values[(size_t)token * held + j] = activate(function, bias == 0 ? sum : sum + bias[j]);
  }
}

// The grid is fixed; warps stride over as many neurons as the device has counted.
template <class F>
static __device__ __forceinline__ void multiply_listed(
    const u8* __restrict__ data, const u16* __restrict__ scales, const float* __restrict__ bias,
    const int* __restrict__ list, const int* __restrict__ starts, int slices,
    const float* __restrict__ x, int xPitch, float* __restrict__ values, int held, int chunks,
    int function) {
  int token = blockIdx.y;
  int lane = threadIdx.x & 31;
  int warps = gridDim.x * (blockDim.x >> 5);
  int count = starts[(size_t)token * (slices + 1) + slices];
  x += (size_t)token * xPitch;
  for (int i = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5); i < count; i += warps) {
    int j = list[(size_t)token * held + i];
    float sum = dot_row<F>(data, scales, j, chunks, x, lane);
    if (lane == 0) {
      values[(size_t)token * held + j] *= up_factor(function, bias == 0 ? sum : sum + bias[j]);
    }
  }
}

static __device__ __forceinline__ void add_chunk(float h, const float (&w)[8], float (&sums)[8]) {
#pragma unroll
  for (int e = 0; e < 8; e++) {
    sums[e] = fmaf(h, w[e], sums[e]);
  }
}

// A thread owns eight outputs and walks the listed neurons of a slice in ascending order; slices
// lie along the grid's rows, tokens along its depth.
template <class F>
static __device__ __forceinline__ void down(
    const u8* __restrict__ data, const u16* __restrict__ scales,
    const float* __restrict__ values, const int* __restrict__ list,
    const int* __restrict__ starts, float* __restrict__ partial, int pitch, int held, int chunks) {
  int own = blockIdx.x * blockDim.x + threadIdx.x;
  // Threads beyond the row read its last chunk, so that warps stay whole.
  int chunk = own < chunks ? own : chunks - 1;
  int lane = threadIdx.x & 31;
  int slice = blockIdx.y;
  int slices = gridDim.y;
  int token = blockIdx.z;
  starts += (size_t)token * (slices + 1);
  list += (size_t)token * held;
  values += (size_t)token * held;
  float sums[8] = {};
  constexpr int kAhead = Ahead<F>::kNeurons;
  int end = starts[slice + 1];
  for (int first = starts[slice]; first < end; first += 32) {
    // Each lane looks one neuron up; then all of them walk through these.
    int count = end - first < 32 ? end - first : 32;
    int mine = lane < count ? list[first + lane] : 0;
    float value = lane < count ? values[mine] : 0.0f;
    int i = 0;
    for (; i + kAhead <= count; i += kAhead) {
      float w[kAhead][8];
      float h[kAhead];
#pragma unroll
      for (int a = 0; a < kAhead; a++) {
        int j = __shfl_sync(FULL, mine, i + a);
        h[a] = F::load(data, scales, (size_t)j * chunks + chunk, w[a]);
      }
      // The warp is together for the shuffles; that reads overlap is the launch bounds' doing.
      __syncwarp();
#pragma unroll
      for (int a = 0; a < kAhead; a++) {
        add_chunk(__shfl_sync(FULL, value, i + a) * h[a], w[a], sums);
      }
    }
    for (; i < count; i++) {
      float w[8];
      int j = __shfl_sync(FULL, mine, i);
      float scale = F::load(data, scales, (size_t)j * chunks + chunk, w);
      add_chunk(__shfl_sync(FULL, value, i) * scale, w, sums);
    }
  }
  if (own >= chunks) {
    return;
  }
  float* to = partial + ((size_t)token * slices + slice) * pitch;
  *reinterpret_cast<float4*>(to + F::first(chunk)) =
      make_float4(sums[0], sums[1], sums[2], sums[3]);
  *reinterpret_cast<float4*>(to + F::second(chunk)) =
      make_float4(sums[4], sums[5], sums[6], sums[7]);
}

// As `down`, for kTokens tokens that share the reading of the weights: values of neurons that are
// left out are zero, and those that are zero for all of the tokens are not read. Groups of tokens
// lie along the grid's depth.
template <class F>
static __device__ __forceinline__ void down_batch(
    const u8* __restrict__ data, const u16* __restrict__ scales,
    const float* __restrict__ values, float* __restrict__ partial, int pitch, int held,
    int sliceSize, int chunks, int tokens) {
  constexpr int kTokens = 4;
  constexpr int kAhead = Ahead<F>::kNeurons / 2;
  int own = blockIdx.x * blockDim.x + threadIdx.x;
  int chunk = own < chunks ? own : chunks - 1;
  int lane = threadIdx.x & 31;
  int slice = blockIdx.y;
  int slices = gridDim.y;
  int token = blockIdx.z * kTokens;
  int here = tokens - token < kTokens ? tokens - token : kTokens;
  values += (size_t)token * held;
  int end = (slice + 1) * sliceSize < held ? (slice + 1) * sliceSize : held;
  float sums[kTokens][8] = {};
  for (int base = slice * sliceSize; base < end; base += 32) {
    // Each lane looks one neuron up; then all of them walk through those that are needed.
    float h[kTokens];
    bool any = false;
#pragma unroll
    for (int t = 0; t < kTokens; t++) {
      h[t] = base + lane < end && t < here ? values[(size_t)t * held + base + lane] : 0.0f;
      any = any || h[t] != 0.0f;
    }
    u32 left = __ballot_sync(FULL, any);
    while (left != 0) {
      float w[kAhead][8];
      float scale[kAhead];
      int from[kAhead];
#pragma unroll
      for (int a = 0; a < kAhead; a++) {
        // Where none is left the last one once more, times zero.
        from[a] = left != 0 ? __ffs(left) - 1 : from[a > 0 ? a - 1 : 0];
        scale[a] = F::load(data, scales, (size_t)(base + from[a]) * chunks + chunk, w[a]);
        scale[a] = left != 0 ? scale[a] : 0.0f;
        left &= left - 1;
      }
#pragma unroll
      for (int a = 0; a < kAhead; a++) {
#pragma unroll
        for (int t = 0; t < kTokens; t++) {
          add_chunk(__shfl_sync(FULL, h[t], from[a]) * scale[a], w[a], sums[t]);
        }
      }
    }
  }
  if (own >= chunks) {
    return;
  }
#pragma unroll
  for (int t = 0; t < kTokens; t++) {
    if (t < here) {
      float* to = partial + ((size_t)(token + t) * slices + slice) * pitch;
      *reinterpret_cast<float4*>(to + F::first(chunk)) =
          make_float4(sums[t][0], sums[t][1], sums[t][2], sums[t][3]);
      *reinterpret_cast<float4*>(to + F::second(chunk)) =
          make_float4(sums[t][4], sums[t][5], sums[t][6], sums[t][7]);
    }
  }
}

#define NEURON_KERNELS(suffix, F)                                                                        \
  extern "C" __global__ void __launch_bounds__(128, 8) neuron_test_##suffix(                                                \
      const u8* data, const u16* scales, const float* bias, const int* ids, const u32* masks,     \
      int words, const float* x, int xPitch, float* values, int held, int chunks, int function) { \
    test<F>(data, scales, bias, ids, masks, words, x, xPitch, values, held, chunks, function);    \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(128, 8) neuron_multiply_##suffix(                                            \
      const u8* data, const u16* scales, const float* bias, const int* list, const int* starts,   \
      int slices, const float* x, int xPitch, float* values, int held, int chunks,                \
      int function) {                                                                             \
    multiply_listed<F>(data, scales, bias, list, starts, slices, x, xPitch, values, held,         \
                       chunks, function);                                                         \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(128, 4) neuron_down_##suffix(                                          \
      const u8* data, const u16* scales, const float* values, const int* list, const int* starts, \
      float* partial, int pitch, int held, int chunks) {                                          \
    down<F>(data, scales, values, list, starts, partial, pitch, held, chunks);                    \
  } \
  extern "C" __global__ void __launch_bounds__(128, 4) neuron_down_batch_##suffix(                \
      const u8* data, const u16* scales, const float* values, float* partial, int pitch,          \
      int held, int sliceSize, int chunks, int tokens) {                                          \
    down_batch<F>(data, scales, values, partial, pitch, held, sliceSize, chunks, tokens);         \
  }
