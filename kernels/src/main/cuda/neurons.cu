// The feed-forward block, neuron by neuron: test, compact, multiply, project.
//
// A block holds `held` neurons; ids[j] is the number of the j-th one in its layer, ascending. The
// pipeline, over the tokens of a tile that lie along the grid:
//
//   neuron_test     values[t][j] = act(W[j] . x[t] + bias[j]) for the candidates
//   neuron_compact  the neurons that stay, ascending, in list[t]; how many, in starts[t]; values of
//                   others become 0
//   neuron_multiply values[t][j] *= factor(V[j] . x[t] + bias[j]) for the listed (gated blocks)
//   neuron_down     partial[t][s] = sum of values[t][j] * D[j] over the listed of slice s
//   neuron_down_batch  the same for several tokens at a time, by their values alone
//   neuron_merge    out[t] += partial[t][0] + partial[t][1] + ...
//
// What reads weights is in neurons.cuh and compiled for every format. Several tokens take
// matrix_multiply_batch and neurons_dense.cu in place of neuron_test, and of neuron_multiply where
// nothing is left out: they share the reading of weights.
//
// A slice is a fixed range of neurons, so that leaving out neurons that add zero changes no bit of
// the result. Counts never visit the host.
#include "common.cuh"
#include "row_set.cuh"

// counts[group] += lanes of the warp with that group, for every group that lanes in `left` have.
// Neighbours mostly share one, so this takes a round or two.
static __device__ __forceinline__ void count_groups(
    u32 left, int group, int lane, unsigned long long* counts) {
  while (left != 0) {
    int leader = __ffs(left) - 1;
    u32 same = __ballot_sync(FULL, group == __shfl_sync(FULL, group, leader));
    if (lane == leader) {
      atomicAdd(counts + group, (unsigned long long)__popc(same));
    }
    left &= ~same;
  }
}

// One block a token, one slice a warp. starts[t] has a place for every slice and one for the end.
// counters[0] += neurons tested, counters[1] += neurons that stay, counters[2 + g] += those of them
// whose number in the layer is from 64 g to 64 g + 63.
extern "C" __global__ void neuron_compact(
    float* __restrict__ values, const float* __restrict__ cutoffs, const int* __restrict__ ids,
    const u32* __restrict__ masks, int words, int skip, int held,
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
    if (j < end && !stays) {
      values[j] = 0.0f;
    }
    if (stays) {
      list[at + __popc(bits & ((1u << lane) - 1u))] = j;
    }
    count_groups(bits, stays ? ids[j] >> 6 : -1, lane, counters + 2);
    at += __popc(bits);
  }
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

