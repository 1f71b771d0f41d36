// Selected columns of a matrix stored by column: their list, for neuron_down and neuron_merge.
#include "common.cuh"

// The set bits of a mask, ascending: one block, one slice of the columns a warp.
extern "C" __global__ void list_columns(
    const u32* __restrict__ mask, int cols, int sliceSize, int* __restrict__ list,
    int* __restrict__ starts) {
  __shared__ int counts[32];
  int slices = blockDim.x >> 5;
  int slice = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  // sliceSize is a multiple of 32, so that a slice begins with a word.
  int first = slice * sliceSize / 32;
  int all = (cols + 31) / 32;
  int end = first + sliceSize / 32 < all ? first + sliceSize / 32 : all;
  int count = 0;
  for (int w = first; w < end; w++) {
    count += __popc(mask[w]);
  }
  if (lane == 0) {
    counts[slice] = count;
  }
  __syncthreads();
  int at = 0;
  for (int s = 0; s < slice; s++) {
    at += counts[s];
  }
  if (lane == 0) {
    starts[slice] = at;
    if (slice == slices - 1) {
      starts[slices] = at + count;
    }
  }
  for (int w = first; w < end; w++) {
    u32 bits = mask[w];
    if (bits >> lane & 1u) {
      list[at + __popc(bits & ((1u << lane) - 1u))] = w * 32 + lane;
    }
    at += __popc(bits);
  }
}
