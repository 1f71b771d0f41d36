// Rotary embedding, the paged key-value cache and causal attention over it.
//
// Keys and values lie as [page][kvHead][32][headSize]. Position p of row t's sequence is slot p %
// 32 of page pages[pageStart[t] + p / 32].
#include "common.cuh"

static constexpr int kPage = 32;
static constexpr int kMaxHead = 256;
static constexpr int kWarps = 4;

// Below every score, and expf of it is zero.
static constexpr float kLowest = -3.4e38f;

// Turns the pairs of every head in place. Elements `distance` apart form a pair, the first of pair
// p at p * step; cos and sin are [tokens][pairs]. One thread a pair, one grid row a token.
extern "C" __global__ void rope(
    float* x, int xPitch, const float* cos, const float* sin, int heads, int headSize, int pairs,
    int step, int distance) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= heads * pairs) {
    return;
  }
  int p = i % pairs;
  float* first = x + (size_t)blockIdx.y * xPitch + i / pairs * headSize + p * step;
  float a = first[0];
  float b = first[distance];
  float c = cos[(size_t)blockIdx.y * pairs + p];
  float s = sin[(size_t)blockIdx.y * pairs + p];
  first[0] = fmaf(a, c, -(b * s));
  first[distance] = fmaf(a, s, b * c);
}

struct StoredF32 {
  typedef float Element;
  static __device__ __forceinline__ float decode(float v) { return v; }
  static __device__ __forceinline__ float encode(float v) { return v; }
};

struct StoredF16 {
  typedef u16 Element;
  static __device__ __forceinline__ float decode(u16 v) { return h2f(v); }
  static __device__ __forceinline__ u16 encode(float v) { return f2h(v); }
};

// Index of the first element of a head's row.
static __device__ __forceinline__ size_t kv_row(int page, int head, int kvHeads, int slot,
                                                int headSize) {
  return (((size_t)page * kvHeads + head) * kPage + slot) * headSize;
}

// Stores the keys and values of row t at position positions[t]; one thread an element.
template <class S>
static __device__ __forceinline__ void append(
    const float* k, int kPitch, const float* v, int vPitch, const int* positions,
    const int* pageStart, const int* pages, typename S::Element* keys,
    typename S::Element* values, int kvHeads, int headSize) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int token = blockIdx.y;
  if (i >= kvHeads * headSize) {
    return;
  }
  int position = positions[token];
  int page = pages[pageStart[token] + position / kPage];
  size_t at = kv_row(page, i / headSize, kvHeads, position % kPage, headSize) + i % headSize;
  keys[at] = S::encode(k[(size_t)token * kPitch + i]);
  values[at] = S::encode(v[(size_t)token * vPitch + i]);
}

// One block a head and token. Its warps take pages in turn; a lane scores one position of the
// page, then the lanes share the elements of the head. Each warp keeps a running maximum, sum and
// weighted values (online softmax); the block merges them in the order of warps.
template <class S>
static __device__ __forceinline__ void attend(
    const float* __restrict__ q, int qPitch, const int* __restrict__ positions,
    const int* __restrict__ pageStart, const int* __restrict__ pages,
    const typename S::Element* __restrict__ keys, const typename S::Element* __restrict__ values,
    float* __restrict__ out, int outPitch, int group, int kvHeads, int headSize, float scale) {
  __shared__ float query[kMaxHead];
  __shared__ float weights[kWarps][kPage];
  __shared__ float sums[kWarps][kMaxHead];
  __shared__ float maxima[kWarps];
  __shared__ float totals[kWarps];
  int head = blockIdx.x;
  int token = blockIdx.y;
  int warp = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  int kvHead = head / group;
  int context = positions[token] + 1;
  const int* table = pages + pageStart[token];
  for (int i = threadIdx.x; i < headSize; i += blockDim.x) {
    query[i] = q[(size_t)token * qPitch + head * headSize + i];
  }
  __syncthreads();

  float maximum = kLowest;
  float total = 0.0f;
  float acc[kMaxHead / 32] = {};
  for (int first = warp * kPage; first < context; first += kWarps * kPage) {
    size_t page = kv_row(table[first / kPage], kvHead, kvHeads, 0, headSize);
    int here = context - first < kPage ? context - first : kPage;
    float score = kLowest;
    if (lane < here) {
      const typename S::Element* key = keys + page + (size_t)lane * headSize;
      float dot = 0.0f;
      for (int i = 0; i < headSize; i++) {
        dot = fmaf(query[i], S::decode(key[i]), dot);
      }
      score = dot * scale;
    }
    // The page's first position is always within the context.
    float raised = fmaxf(maximum, warp_max(score));
    float weight = expf(score - raised);
    float shrink = expf(maximum - raised);
    total = fmaf(total, shrink, warp_sum(weight));
    maximum = raised;
    weights[warp][lane] = weight;
    __syncwarp();
#pragma unroll
    for (int e = 0; e < kMaxHead / 32; e++) {
      int i = e * 32 + lane;
      if (i < headSize) {
        float sum = acc[e] * shrink;
        for (int p = 0; p < here; p++) {
          sum = fmaf(weights[warp][p], S::decode(values[page + (size_t)p * headSize + i]), sum);
        }
        acc[e] = sum;
      }
    }
    __syncwarp();
  }

#pragma unroll
  for (int e = 0; e < kMaxHead / 32; e++) {
    if (e * 32 + lane < headSize) {
      sums[warp][e * 32 + lane] = acc[e];
    }
  }
  if (lane == 0) {
    maxima[warp] = maximum;
    totals[warp] = total;
  }
  __syncthreads();
  float highest = maxima[0];
  for (int w = 1; w < kWarps; w++) {
    highest = fmaxf(highest, maxima[w]);
  }
  for (int i = threadIdx.x; i < headSize; i += blockDim.x) {
    float value = 0.0f;
    float sum = 0.0f;
    for (int w = 0; w < kWarps; w++) {
      float factor = expf(maxima[w] - highest);
      value = fmaf(sums[w][i], factor, value);
      sum = fmaf(totals[w], factor, sum);
    }
    out[(size_t)token * outPitch + head * headSize + i] = value / sum;
  }
}

#define KERNELS(suffix, S)                                                                       \
  extern "C" __global__ void kv_append_##suffix(                                                 \
      const float* k, int kPitch, const float* v, int vPitch, const int* positions,              \
      const int* pageStart, const int* pages, S::Element* keys, S::Element* values, int kvHeads, \
      int headSize) {                                                                            \
    append<S>(k, kPitch, v, vPitch, positions, pageStart, pages, keys, values, kvHeads,          \
              headSize);                                                                         \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(128) attention_##suffix(                           \
      const float* q, int qPitch, const int* positions, const int* pageStart, const int* pages,  \
      const S::Element* keys, const S::Element* values, float* out, int outPitch, int group,     \
      int kvHeads, int headSize, float scale) {                                                  \
    attend<S>(q, qPitch, positions, pageStart, pages, keys, values, out, outPitch, group,        \
              kvHeads, headSize, scale);                                                         \
  }
KERNELS(f32, StoredF32)
KERNELS(f16, StoredF16)
