// Rotary embedding, the paged key-value cache and causal attention over it.
//
// Keys lie as [page][kvHead][32][headSize], values as [page][kvHead][32][valueSize]. Position p of row t's sequence is slot p %
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
                                                int size) {
  return (((size_t)page * kvHeads + head) * kPage + slot) * size;
}

template <class S>
static __device__ __forceinline__ void store(
    const float* row, typename S::Element* to, int page, int slot, int i, int kvHeads, int size) {
  if (i < kvHeads * size) {
    to[kv_row(page, i / size, kvHeads, slot, size) + i % size] = S::encode(row[i]);
  }
}

// Stores the keys and values of row t at position positions[t]; one thread an element of each.
template <class S>
static __device__ __forceinline__ void append(
    const float* k, int kPitch, const float* v, int vPitch, const int* positions,
    const int* pageStart, const int* pages, typename S::Element* keys,
    typename S::Element* values, int kvHeads, int headSize, int valueSize) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int token = blockIdx.y;
  int position = positions[token];
  int page = pages[pageStart[token] + position / kPage];
  int slot = position % kPage;
  store<S>(k + (size_t)token * kPitch, keys, page, slot, i, kvHeads, headSize);
  store<S>(v + (size_t)token * vPitch, values, page, slot, i, kvHeads, valueSize);
}

// One block a head and token. Its warps take pages in turn; a lane scores one position of the
// page, then the lanes share the elements of the head. Each warp keeps a running maximum, sum and
// weighted values (online softmax); the block merges them in the order of warps. A window of 0 is
// none, and so is a soft cap of 0; sinks may be null.
template <class S>
static __device__ __forceinline__ void attend(
    const float* __restrict__ q, int qPitch, const int* __restrict__ positions,
    const int* __restrict__ pageStart, const int* __restrict__ pages,
    const typename S::Element* __restrict__ keys, const typename S::Element* __restrict__ values,
    float* __restrict__ out, int outPitch, int group, int kvHeads, int headSize, int valueSize,
    float scale, float softCap, int window, const float* __restrict__ sinks) {
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
  int seen = window == 0 || context < window ? 0 : context - window;
  const int* table = pages + pageStart[token];
  for (int i = threadIdx.x; i < headSize; i += blockDim.x) {
    query[i] = q[(size_t)token * qPitch + head * headSize + i];
  }
  __syncthreads();

  float maximum = kLowest;
  float total = 0.0f;
  float acc[kMaxHead / 32] = {};
  for (int first = (seen / kPage + warp) * kPage; first < context; first += kWarps * kPage) {
    int page = table[first / kPage];
    int here = context - first < kPage ? context - first : kPage;
    int from = seen > first ? seen - first : 0;
    float score = kLowest;
    if (lane >= from && lane < here) {
      const typename S::Element* key = keys + kv_row(page, kvHead, kvHeads, lane, headSize);
      float dot = 0.0f;
      for (int i = 0; i < headSize; i++) {
        dot = fmaf(query[i], S::decode(key[i]), dot);
      }
      score = dot * scale;
      if (softCap != 0.0f) {
        score = softCap * tanhf(score / softCap);
      }
    }
    // Some position of the page is always within the context.
    float raised = fmaxf(maximum, warp_max(score));
    float weight = expf(score - raised);
    float shrink = expf(maximum - raised);
    total = fmaf(total, shrink, warp_sum(weight));
    maximum = raised;
    weights[warp][lane] = weight;
    __syncwarp();
    const typename S::Element* rows = values + kv_row(page, kvHead, kvHeads, 0, valueSize);
#pragma unroll
    for (int e = 0; e < kMaxHead / 32; e++) {
      int i = e * 32 + lane;
      if (i < valueSize) {
        float sum = acc[e] * shrink;
        for (int p = from; p < here; p++) {
          sum = fmaf(weights[warp][p], S::decode(rows[(size_t)p * valueSize + i]), sum);
        }
        acc[e] = sum;
      }
    }
    __syncwarp();
  }

#pragma unroll
  for (int e = 0; e < kMaxHead / 32; e++) {
    if (e * 32 + lane < valueSize) {
      sums[warp][e * 32 + lane] = acc[e];
    }
  }
  if (lane == 0) {
    maxima[warp] = maximum;
    totals[warp] = total;
  }
  __syncthreads();
  float highest = sinks == 0 ? maxima[0] : fmaxf(maxima[0], sinks[head]);
  for (int w = 1; w < kWarps; w++) {
    highest = fmaxf(highest, maxima[w]);
  }
  for (int i = threadIdx.x; i < valueSize; i += blockDim.x) {
    float value = 0.0f;
    float sum = sinks == 0 ? 0.0f : expf(sinks[head] - highest);
    for (int w = 0; w < kWarps; w++) {
      float factor = expf(maxima[w] - highest);
      value = fmaf(sums[w][i], factor, value);
      sum = fmaf(totals[w], factor, sum);
    }
    out[(size_t)token * outPitch + head * valueSize + i] = value / sum;
  }
}

#define KERNELS(suffix, S)                                                                       \
  extern "C" __global__ void kv_append_##suffix(                                                 \
      const float* k, int kPitch, const float* v, int vPitch, const int* positions,              \
      const int* pageStart, const int* pages, S::Element* keys, S::Element* values, int kvHeads, \
      int headSize, int valueSize) {                                                             \
    append<S>(k, kPitch, v, vPitch, positions, pageStart, pages, keys, values, kvHeads,          \
              headSize, valueSize);                                                              \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(128) attention_##suffix(                           \
      const float* q, int qPitch, const int* positions, const int* pageStart, const int* pages,  \
      const S::Element* keys, const S::Element* values, float* out, int outPitch, int group,     \
      int kvHeads, int headSize, int valueSize, float scale, float softCap, int window,          \
      const float* sinks) {                                                                      \
    attend<S>(q, qPitch, positions, pageStart, pages, keys, values, out, outPitch, group,        \
              kvHeads, headSize, valueSize, scale, softCap, window, sinks);                      \
  }
KERNELS(f32, StoredF32)
KERNELS(f16, StoredF16)
