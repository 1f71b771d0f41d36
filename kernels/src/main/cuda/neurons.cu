// The feed-forward block, neuron by neuron: test, compact, multiply, project.
//
// A block holds `held` neurons; ids[j] is the number of the j-th one in its layer, ascending. The
// pipeline, over the tokens of a tile that lie along the grid:
//
//   neuron_test     values[t][j] = act(W[j] . x[t] + bias[j]) for the candidates
//   neuron_compact  the neurons that stay, ascending, in list[t]; how many, in starts[t]
//   neuron_multiply values[t][j] *= factor(V[j] . x[t] + bias[j]) for the listed (gated blocks)
//   neuron_down     partial[t][s] = sum of values[t][j] * D[j] over the listed of slice s
//   neuron_merge    out[t] += partial[t][0] + partial[t][1] + ...
//
// A slice is a fixed range of neurons, so that leaving out neurons that add zero changes no bit of
// the result. Counts never visit the host.
#include "activation.cuh"
#include "formats.cuh"
#include "row_set.cuh"

// Whether held neuron j may be computed for the grid's token. masks [tokens][words], or null.
static __device__ __forceinline__ bool candidate(
    const u32* masks, int words, const int* ids, int token, int j) {
  return masks == 0 || has_row(masks + (size_t)token * words, ids[j]);
}

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

// One block a token, one slice a warp. starts[t] has a place for every slice and one for the end.
// counters[0] += neurons tested, counters[1] += neurons that stay.
extern "C" __global__ void neuron_compact(
    const float* __restrict__ values, const float* __restrict__ cutoffs,
    const int* __restrict__ ids, const u32* __restrict__ masks, int words, int skip, int held,
    int sliceSize, int* __restrict__ list, int* __restrict__ starts,
    unsigned long long* counters) {
  __shared__ int kept[32];
  __shared__ int tested[32];
  int token = blockIdx.x;
  int slices = blockDim.x >> 5;
  int slice = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  int first = slice * sliceSize;
  int end = first + sliceSize < held ? first + sliceSize : held;
  values += (size_t)token * held;
  list += (size_t)token * held;
  starts += (size_t)token * (slices + 1);

  int keptHere = 0;
  int testedHere = 0;
  for (int base = first; base < end; base += 32) {
    int j = base + lane;
    bool may = j < end && candidate(masks, words, ids, token, j);
    bool stays = may && !(skip && fabsf(values[j]) <= cutoffs[j]);
    testedHere += __popc(__ballot_sync(FULL, may));
    keptHere += __popc(__ballot_sync(FULL, stays));
  }
  if (lane == 0) {
    kept[slice] = keptHere;
    tested[slice] = testedHere;
  }
  __syncthreads();

  int at = 0;
  for (int s = 0; s < slice; s++) {
    at += kept[s];
  }
  if (lane == 0) {
    starts[slice] = at;
  }
  if (threadIdx.x == 0) {
    int allKept = 0;
    int allTested = 0;
    for (int s = 0; s < slices; s++) {
      allKept += kept[s];
      allTested += tested[s];
    }
    starts[slices] = allKept;
    atomicAdd(counters, (unsigned long long)allTested);
    atomicAdd(counters + 1, (unsigned long long)allKept);
  }
  for (int base = first; base < end; base += 32) {
    int j = base + lane;
    bool stays = j < end && candidate(masks, words, ids, token, j) &&
                 !(skip && fabsf(values[j]) <= cutoffs[j]);
    u32 bits = __ballot_sync(FULL, stays);
    if (stays) {
      list[at + __popc(bits & ((1u << lane) - 1u))] = j;
    }
    at += __popc(bits);
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

// A thread owns eight outputs and walks the listed neurons of a slice in ascending order; slices
// lie along the grid's rows, tokens along its depth.
template <class F>
static __device__ __forceinline__ void down(
    const u8* __restrict__ data, const u16* __restrict__ scales,
    const float* __restrict__ values, const int* __restrict__ list,
    const int* __restrict__ starts, float* __restrict__ partial, int pitch, int held, int chunks) {
  int chunk = blockIdx.x * blockDim.x + threadIdx.x;
  if (chunk >= chunks) {
    return;
  }
  int slice = blockIdx.y;
  int slices = gridDim.y;
  int token = blockIdx.z;
  starts += (size_t)token * (slices + 1);
  list += (size_t)token * held;
  values += (size_t)token * held;
  float sums[8] = {};
  int end = starts[slice + 1];
  for (int i = starts[slice]; i < end; i++) {
    int j = list[i];
    float w[8];
    float h = values[j] * F::load(data, scales, (size_t)j * chunks + chunk, w);
#pragma unroll
    for (int e = 0; e < 8; e++) {
      sums[e] = fmaf(h, w[e], sums[e]);
    }
  }
  float* to = partial + ((size_t)token * slices + slice) * pitch;
  *reinterpret_cast<float4*>(to + F::first(chunk)) =
      make_float4(sums[0], sums[1], sums[2], sums[3]);
  *reinterpret_cast<float4*>(to + F::second(chunk)) =
      make_float4(sums[4], sums[5], sums[6], sums[7]);
}

// out[t] += sum of the slices, or = without `accumulate`. One thread an output.
extern "C" __global__ void neuron_merge(
    const float* __restrict__ partial, int pitch, int slices, float* __restrict__ out,
    int outPitch, int cols, int accumulate) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= cols) {
    return;
  }
  const float* from = partial + (size_t)blockIdx.y * slices * pitch + c;
  float sum = 0.0f;
  for (int s = 0; s < slices; s++) {
    sum += from[(size_t)s * pitch];
  }
  float* to = out + (size_t)blockIdx.y * outPitch + c;
  *to = accumulate ? *to + sum : sum;
}

#define KERNELS(suffix, F)                                                                        \
  extern "C" __global__ void neuron_test_##suffix(                                                \
      const u8* data, const u16* scales, const float* bias, const int* ids, const u32* masks,     \
      int words, const float* x, int xPitch, float* values, int held, int chunks, int function) { \
    test<F>(data, scales, bias, ids, masks, words, x, xPitch, values, held, chunks, function);    \
  }                                                                                               \
  extern "C" __global__ void neuron_multiply_##suffix(                                            \
      const u8* data, const u16* scales, const float* bias, const int* list, const int* starts,   \
      int slices, const float* x, int xPitch, float* values, int held, int chunks,                \
      int function) {                                                                             \
    multiply_listed<F>(data, scales, bias, list, starts, slices, x, xPitch, values, held,         \
                       chunks, function);                                                         \
  }                                                                                               \
  extern "C" __global__ void neuron_down_##suffix(                                                \
      const u8* data, const u16* scales, const float* values, const int* list, const int* starts, \
      float* partial, int pitch, int held, int chunks) {                                          \
    down<F>(data, scales, values, list, starts, partial, pitch, held, chunks);                    \
  }
FOR_EACH_FORMAT(KERNELS)
