// Normalizations; one block a token.
#include "common.cuh"

// Sum over the block, in an order that depends on the block's size only.
static __device__ __forceinline__ float block_sum(float v) {
  __shared__ float parts[32];
  int lane = threadIdx.x & 31;
  v = warp_sum(v);
  // The shared array may still be read from an earlier sum.
  __syncthreads();
  if (lane == 0) {
    parts[threadIdx.x >> 5] = v;
  }
  __syncthreads();
  float sum = 0.0f;
  for (int i = 0; i < (int)(blockDim.x >> 5); i++) {
    sum += parts[i];
  }
  return sum;
}

// Heads of a row in place, one block a head, one grid row a token. `step` is the distance between
// the weights of two heads: 0 where all have the same.
extern "C" __global__ void norm_rms_heads(
    float* x, int xPitch, const float* __restrict__ weight, int step, int headSize,
    float epsilon) {
  float* head = x + (size_t)blockIdx.y * xPitch + blockIdx.x * headSize;
  weight += (size_t)blockIdx.x * step;
  float squares = 0.0f;
  for (int c = threadIdx.x; c < headSize; c += blockDim.x) {
    squares = fmaf(head[c], head[c], squares);
  }
  float factor = 1.0f / sqrtf(block_sum(squares) / headSize + epsilon);
  for (int c = threadIdx.x; c < headSize; c += blockDim.x) {
    head[c] = head[c] * factor * weight[c];
  }
}

// As norm_rms_heads, with the mean taken away.
extern "C" __global__ void norm_layer_heads(
    float* x, int xPitch, const float* __restrict__ weight, int step, int headSize,
    float epsilon) {
  float* head = x + (size_t)blockIdx.y * xPitch + blockIdx.x * headSize;
  weight += (size_t)blockIdx.x * step;
  float sum = 0.0f;
  for (int c = threadIdx.x; c < headSize; c += blockDim.x) {
    sum += head[c];
  }
  float mean = block_sum(sum) / headSize;
  float squares = 0.0f;
  for (int c = threadIdx.x; c < headSize; c += blockDim.x) {
    float d = head[c] - mean;
    squares = fmaf(d, d, squares);
  }
  float factor = 1.0f / sqrtf(block_sum(squares) / headSize + epsilon);
  for (int c = threadIdx.x; c < headSize; c += blockDim.x) {
    head[c] = (head[c] - mean) * factor * weight[c];
  }
}

// out = x / sqrt(mean(x^2) + epsilon) * weight
extern "C" __global__ void __launch_bounds__(256, 2) norm_rms(
    const float* __restrict__ x, int xPitch, const float* __restrict__ weight, float* out,
    int outPitch, int cols, float epsilon) {
  const float* row = x + (size_t)blockIdx.x * xPitch;
  float* to = out + (size_t)blockIdx.x * outPitch;
  float squares = 0.0f;
#pragma unroll 4
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    squares = fmaf(row[c], row[c], squares);
  }
  float factor = 1.0f / sqrtf(block_sum(squares) / cols + epsilon);
#pragma unroll 4
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    to[c] = row[c] * factor * weight[c];
  }
}

// out = (x - mean) / sqrt(variance + epsilon) * weight + bias; bias may be null
extern "C" __global__ void __launch_bounds__(256, 2) norm_layer(
    const float* __restrict__ x, int xPitch, const float* __restrict__ weight,
    const float* __restrict__ bias, float* out, int outPitch, int cols, float epsilon) {
  const float* row = x + (size_t)blockIdx.x * xPitch;
  float* to = out + (size_t)blockIdx.x * outPitch;
  float sum = 0.0f;
#pragma unroll 4
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    sum += row[c];
  }
  float mean = block_sum(sum) / cols;
  float squares = 0.0f;
#pragma unroll 4
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    float d = row[c] - mean;
    squares = fmaf(d, d, squares);
  }
  float factor = 1.0f / sqrtf(block_sum(squares) / cols + epsilon);
#pragma unroll 4
  for (int c = threadIdx.x; c < cols; c += blockDim.x) {
    float v = (row[c] - mean) * factor * weight[c];
    to[c] = bias == 0 ? v : v + bias[c];
  }
}
