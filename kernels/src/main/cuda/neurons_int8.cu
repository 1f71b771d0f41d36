// Test and multiply of neurons.cu on activations quantized to eight bits, for integer dot products.
#include "activation.cuh"
#include "chunks.cuh"
#include "format_q4_0.cuh"
#include "format_q8_0.cuh"
#include "row_set.cuh"

// Blocks of 32: scale = max |x| / 127, quants to nearest. One warp a block, one grid row a token.
extern "C" __global__ void quantize_rows(
    const float* __restrict__ x, int xPitch, i8* __restrict__ quants, float* __restrict__ scales,
    int blocks) {
  int block = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  if (block >= blocks) {
    return;
  }
  float v = x[(size_t)blockIdx.y * xPitch + block * 32 + lane];
  float scale = warp_max(fabsf(v)) / 127.0f;
  size_t at = (size_t)blockIdx.y * blocks + block;
  quants[at * 32 + lane] = (i8)(scale == 0.0f ? 0 : __float2int_rn(v / scale));
  if (lane == 0) {
    scales[at] = scale;
  }
}

static __device__ __forceinline__ int centre(FormatQ8_0) { return 0; }
static __device__ __forceinline__ int centre(FormatQ4_0) { return 8; }

// W[row] . x by one warp, block scales in float, quants in integers.
template <class F>
static __device__ __forceinline__ float dot_quants(
    const u8* __restrict__ data, const u16* __restrict__ scales, size_t row, int chunks,
    const i8* __restrict__ x, const float* __restrict__ xScales, int lane) {
  float sum = 0.0f;
  for (int c = lane; c < chunks; c += 32) {
    int low, high;
    float scale = F::load_words(data, scales, row * chunks + c, low, high);
    int a = *reinterpret_cast<const int*>(x + F::first(c));
    int b = *reinterpret_cast<const int*>(x + F::second(c));
    int dot = __dp4a(low, a, __dp4a(high, b, 0));
    // Quants that are stored with an offset: sum (w - centre) x = sum w x - centre sum x.
    if (centre(F()) != 0) {
      dot -= centre(F()) * __dp4a(0x01010101, a, __dp4a(0x01010101, b, 0));
    }
    sum = fmaf(scale * xScales[c / 4], (float)dot, sum);
  }
  return warp_sum(sum);
}

// As neuron_test; x [tokens][chunks * 8], xScales [tokens][chunks / 4].
template <class F>
static __device__ __forceinline__ void test(
    const u8* __restrict__ data, const u16* __restrict__ scales, const float* __restrict__ bias,
    const int* __restrict__ ids, const u32* __restrict__ masks, int words,
    const i8* __restrict__ x, const float* __restrict__ xScales, float* __restrict__ values,
    int held, int chunks, int function) {
  int j = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  size_t token = blockIdx.y;
  if (j >= held || (masks != 0 && !has_row(masks + token * words, ids[j]))) {
    return;
  }
  float sum = dot_quants<F>(data, scales, j, chunks, x + token * chunks * 8,
                            xScales + token * (chunks / 4), lane);
  if (lane == 0) {
    values[token * held + j] = activate(function, bias == 0 ? sum : sum + bias[j]);
  }
}

// As neuron_multiply.
template <class F>
static __device__ __forceinline__ void multiply_listed(
    const u8* __restrict__ data, const u16* __restrict__ scales, const float* __restrict__ bias,
    const int* __restrict__ list, const int* __restrict__ starts, int slices,
    const i8* __restrict__ x, const float* __restrict__ xScales, float* __restrict__ values,
    int held, int chunks, int function) {
  size_t token = blockIdx.y;
  int lane = threadIdx.x & 31;
  int warps = gridDim.x * (blockDim.x >> 5);
  int count = starts[token * (slices + 1) + slices];
  x += token * chunks * 8;
  xScales += token * (chunks / 4);
  for (int i = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5); i < count; i += warps) {
    int j = list[token * held + i];
    float sum = dot_quants<F>(data, scales, j, chunks, x, xScales, lane);
    if (lane == 0) {
      values[token * held + j] *= up_factor(function, bias == 0 ? sum : sum + bias[j]);
    }
  }
}

#define KERNELS(suffix, F)                                                                       \
  extern "C" __global__ void neuron_test_int8_##suffix(                                          \
      const u8* data, const u16* scales, const float* bias, const int* ids, const u32* masks,    \
      int words, const i8* x, const float* xScales, float* values, int held, int chunks,         \
      int function) {                                                                            \
    test<F>(data, scales, bias, ids, masks, words, x, xScales, values, held, chunks, function);  \
  }                                                                                              \
  extern "C" __global__ void neuron_multiply_int8_##suffix(                                      \
      const u8* data, const u16* scales, const float* bias, const int* list, const int* starts,  \
      int slices, const i8* x, const float* xScales, float* values, int held, int chunks,        \
      int function) {                                                                            \
    multiply_listed<F>(data, scales, bias, list, starts, slices, x, xScales, values, held,       \
                       chunks, function);                                                        \
  }
KERNELS(q8_0, FormatQ8_0)
KERNELS(q4_0, FormatQ4_0)
