// Kernels that show what the device language means, on the emulated device as on a real one.
#include "common.cuh"

// x[i] += y[i]
extern "C" __global__ void vector_add(float* x, const float* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    x[i] += y[i];
  }
}

// Every type of argument, between others of another size.
extern "C" __global__ void echo_arguments(
    int a, long long b, float c, unsigned d, float* floats, long long* longs) {
  floats[0] = (float)a;
  floats[1] = c;
  floats[2] = (float)d;
  longs[0] = b;
}

// out[b] = sum of x over block b, through static shared memory
extern "C" __global__ void block_sums(const float* x, float* out, int n) {
  __shared__ float tile[256];
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  tile[threadIdx.x] = i < n ? x[i] : 0.0f;
  for (int width = blockDim.x / 2; width > 0; width /= 2) {
    __syncthreads();
    if (threadIdx.x < width) {
      tile[threadIdx.x] += tile[threadIdx.x + width];
    }
  }
  if (threadIdx.x == 0) {
    out[blockIdx.x] = tile[0];
  }
}

// out[i] = x[blockDim.x - 1 - i], through dynamic shared memory
extern "C" __global__ void reverse(const float* x, float* out) {
  DYN_SHARED(float, tile);
  tile[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
}

// One row of 8 for each lane: what every collective answers.
extern "C" __global__ void collectives(int* out) {
  int lane = threadIdx.x & 31;
  int* row = out + threadIdx.x * 8;
  row[0] = __shfl_sync(FULL, lane * 10, 5);
  row[1] = __shfl_xor_sync(FULL, lane, 1);
  row[2] = __shfl_up_sync(FULL, lane, 3);
  row[3] = __shfl_down_sync(FULL, lane, 3);
  row[4] = (int)__ballot_sync(FULL, lane % 3 == 0);
  row[5] = __shfl_xor_sync(FULL, lane, 4, 8);
  row[6] = warp_sum(lane);
  row[7] = __all_sync(FULL, lane < 32) + 2 * __any_sync(FULL, lane == 31);
}

// The halves of a warp take different numbers of collectives, then meet.
extern "C" __global__ void half_warps(int* out) {
  int lane = threadIdx.x;
  int value = lane;
  if (lane < 16) {
    value += __shfl_xor_sync(0x0000ffffu, value, 1);
  } else {
    for (int offset = 8; offset > 0; offset /= 2) {
      value += __shfl_xor_sync(0xffff0000u, value, offset);
    }
  }
  __syncwarp(FULL);
  out[lane] = value;
}

// Threads from n on leave; the others still meet at barriers and collectives.
extern "C" __global__ void early_exit(int* out, int n) {
  if (threadIdx.x >= n) {
    return;
  }
  int votes = __syncthreads_count(1);
  unsigned lanes = __activemask();
  out[threadIdx.x] = votes + __popc(__ballot_sync(lanes, 1));
}

extern "C" __global__ void half_round_trip(const float* x, float* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    out[i] = h2f(f2h(x[i]));
  }
}

// ---- mistakes that a run must show

// As block_sums with the barrier forgotten.
extern "C" __global__ void racy_sums(const float* x, float* out, int n) {
  __shared__ volatile float tile[256];
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  tile[threadIdx.x] = i < n ? x[i] : 0.0f;
  if (threadIdx.x == 0) {
    float sum = 0.0f;
    for (int j = 0; j < blockDim.x; j++) {
      sum += tile[j];
    }
    out[blockIdx.x] = sum;
  }
}

extern "C" __global__ void unset_shared(float* out) {
  __shared__ volatile float tile[32];
  out[threadIdx.x] = tile[threadIdx.x];
}

extern "C" __global__ void divergent_barrier(int* out) {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    __syncwarp(FULL);
  }
  out[threadIdx.x] = 1;
}

extern "C" __global__ void wrong_mask(int* out) {
  out[threadIdx.x] = __shfl_sync(0x0000ffffu, (int)threadIdx.x, 0);
}

extern "C" __global__ void beyond_end(float* x, int n) {
  x[n + threadIdx.x] = 1.0f;
}

extern "C" __global__ void beyond_shared(float* out, int n) {
  DYN_SHARED(float, tile);
  tile[n + threadIdx.x] = 1.0f;
  out[threadIdx.x] = tile[threadIdx.x];
}
