// Rotary embedding, the paged key-value cache and causal attention over it.
//
// Keys lie as [page][kvHead][32][headSize], values as [page][kvHead][32][valueSize]. Position p of
// row t's sequence is slot p % 32 of page pages[pageStart[t] + p / 32].
#include "common.cuh"

static constexpr int kPage = 32;
static constexpr int kMaxHead = 256;
static constexpr int kWarps = 8;

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

// How a head's row is stored: `stored` elements of it, in `pitch` units of memory. `put` stores
// element i; of a format with blocks, the warp stores a block together, a lane an element. `dot` is
// the row times a vector: the lanes of a warp have a row each, so long words spare them requests.
struct StoredF32 {
  typedef float Unit;
  static __device__ __forceinline__ int stored(int size) { return size; }
  static __device__ __forceinline__ int pitch(int size) { return size; }
  static __device__ __forceinline__ float get(const Unit* row, int i) { return row[i]; }
  static __device__ __forceinline__ float dot(const Unit* row, const float* x, int size) {
    float sum = 0.0f;
    int i = 0;
    if (size % 4 == 0) {
#pragma unroll 4
      for (; i < size; i += 4) {
        float4 four = *reinterpret_cast<const float4*>(row + i);
        sum = fmaf(x[i], four.x, sum);
        sum = fmaf(x[i + 1], four.y, sum);
        sum = fmaf(x[i + 2], four.z, sum);
        sum = fmaf(x[i + 3], four.w, sum);
      }
    }
    for (; i < size; i++) {
      sum = fmaf(x[i], row[i], sum);
    }
    return sum;
  }
  static __device__ __forceinline__ void put(Unit* row, int i, float v) { row[i] = v; }
};

struct StoredF16 {
  typedef u16 Unit;
  static __device__ __forceinline__ int stored(int size) { return size; }
  static __device__ __forceinline__ int pitch(int size) { return size; }
  static __device__ __forceinline__ float get(const Unit* row, int i) { return h2f(row[i]); }
  static __device__ __forceinline__ float dot(const Unit* row, const float* x, int size) {
    float sum = 0.0f;
    int i = 0;
    if (size % 4 == 0) {
#pragma unroll 4
      for (; i < size; i += 4) {
        uint2 four = *reinterpret_cast<const uint2*>(row + i);
        sum = fmaf(x[i], h2f((u16)(four.x & 0xffff)), sum);
        sum = fmaf(x[i + 1], h2f((u16)(four.x >> 16)), sum);
        sum = fmaf(x[i + 2], h2f((u16)(four.y & 0xffff)), sum);
        sum = fmaf(x[i + 3], h2f((u16)(four.y >> 16)), sum);
      }
    }
    for (; i < size; i++) {
      sum = fmaf(x[i], h2f(row[i]), sum);
    }
    return sum;
  }
  static __device__ __forceinline__ void put(Unit* row, int i, float v) { row[i] = f2h(v); }
};

// Blocks of a half scale and 32 signed bytes, padded with zeros.
struct StoredQ8_0 {
  typedef u16 Unit;
  static constexpr int kUnits = 17;
  static __device__ __forceinline__ int stored(int size) { return (size + 31) / 32 * 32; }
  static __device__ __forceinline__ int pitch(int size) { return (size + 31) / 32 * kUnits; }
  static __device__ __forceinline__ float get(const Unit* row, int i) {
    const Unit* block = row + i / 32 * kUnits;
    return h2f(block[0]) * (float)((const i8*)(block + 1))[i % 32];
  }
  static __device__ __forceinline__ float dot(const Unit* row, const float* x, int size) {
    float sum = 0.0f;
    for (int first = 0; first < size; first += 32) {
      const Unit* block = row + first / 32 * kUnits;
      int here = size - first < 32 ? size - first : 32;
      float part = 0.0f;
#pragma unroll 8
      for (int i = 0; i < here; i++) {
        part = fmaf(x[first + i], (float)((const i8*)(block + 1))[i], part);
      }
      sum = fmaf(part, h2f(block[0]), sum);
    }
    return sum;
  }
  static __device__ __forceinline__ void put(Unit* row, int i, float v) {
    Unit* block = row + i / 32 * kUnits;
    float scale = warp_max(fabsf(v)) / 127.0f;
    float inverse = scale == 0.0f ? 0.0f : 1.0f / scale;
    float q = v * inverse;
    if (i % 32 == 0) {
      block[0] = f2h(scale);
    }
    // To nearest, halves away from zero.
    ((i8*)(block + 1))[i % 32] = (i8)(int)(q < 0.0f ? q - 0.5f : q + 0.5f);
  }
};

// Index of a head's row in units.
static __device__ __forceinline__ size_t kv_row(int page, int head, int kvHeads, int slot,
                                                int pitch) {
  return (((size_t)page * kvHeads + head) * kPage + slot) * pitch;
}

template <class S>
static __device__ __forceinline__ void store(
    const float* row, typename S::Unit* to, int page, int slot, int i, int kvHeads, int size) {
  int stored = S::stored(size);
  if (i < kvHeads * stored) {
    int head = i / stored;
    int e = i % stored;
    S::put(to + kv_row(page, head, kvHeads, slot, S::pitch(size)), e,
           e < size ? row[head * size + e] : 0.0f);
  }
}

// Stores the keys and values of row t at position positions[t]; one thread an element of each.
template <class S>
static __device__ __forceinline__ void append(
    const float* k, int kPitch, const float* v, int vPitch, const int* positions,
    const int* pageStart, const int* pages, typename S::Unit* keys, typename S::Unit* values,
    int kvHeads, int headSize, int valueSize) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int token = blockIdx.y;
  int position = positions[token];
  int page = pages[pageStart[token] + position / kPage];
  int slot = position % kPage;
  store<S>(k + (size_t)token * kPitch, keys, page, slot, i, kvHeads, headSize);
  store<S>(v + (size_t)token * vPitch, values, page, slot, i, kvHeads, valueSize);
}

// Moves `count` positions, one after the other, from where the rows t of the batch say to where the
// rows count + t say, and turns the keys by one angle for each pair, as `rope` does. One block a
// key-value head.
template <class S>
static __device__ __forceinline__ void move(
    const int* positions, const int* pageStart, const int* pages, int count,
    typename S::Unit* keys, typename S::Unit* values, int kvHeads, int headSize, int valueSize,
    const float* cos, const float* sin, int pairs, int step, int distance) {
  __shared__ float key[kMaxHead];
  int head = blockIdx.x;
  int keyPitch = S::pitch(headSize);
  int valuePitch = S::pitch(valueSize);
  for (int t = 0; t < count; t++) {
    int from = positions[t];
    int to = positions[count + t];
    int fromPage = pages[pageStart[t] + from / kPage];
    int toPage = pages[pageStart[count + t] + to / kPage];
    const typename S::Unit* old =
        keys + kv_row(fromPage, head, kvHeads, from % kPage, keyPitch);
    for (int i = threadIdx.x; i < headSize; i += blockDim.x) {
      key[i] = S::get(old, i);
    }
    __syncthreads();
    for (int p = threadIdx.x; p < pairs; p += blockDim.x) {
      float a = key[p * step];
      float b = key[p * step + distance];
      // Rounded as on the host, so that the same blocks come of it.
      key[p * step] = a * cos[p] - b * sin[p];
      key[p * step + distance] = a * sin[p] + b * cos[p];
    }
    __syncthreads();
    typename S::Unit* moved = keys + kv_row(toPage, head, kvHeads, to % kPage, keyPitch);
    for (int i = threadIdx.x; i < S::stored(headSize); i += blockDim.x) {
      S::put(moved, i, i < headSize ? key[i] : 0.0f);
    }
    const typename S::Unit* value =
        values + kv_row(fromPage, head, kvHeads, from % kPage, valuePitch);
    typename S::Unit* copy = values + kv_row(toPage, head, kvHeads, to % kPage, valuePitch);
    for (int i = threadIdx.x; i < valuePitch; i += blockDim.x) {
      copy[i] = value[i];
    }
    __syncthreads();
  }
}

// One block a head and token. Its warps take pages in turn; a lane scores one position of the
// page, then the lanes share the elements of the head. Each warp keeps a running maximum, sum and
// weighted values (online softmax); the block merges them in the order of warps. A window of 0 is
// none, and so is a soft cap of 0; sinks may be null.
template <class S>
static __device__ __forceinline__ void attend(
    const float* __restrict__ q, int qPitch, const int* __restrict__ positions,
    const int* __restrict__ pageStart, const int* __restrict__ pages,
    const typename S::Unit* __restrict__ keys, const typename S::Unit* __restrict__ values,
    float* __restrict__ out, int outPitch, int group, int kvHeads, int headSize, int valueSize,
    float scale, float softCap, int window, const float* __restrict__ sinks) {
  __shared__ float query[kMaxHead];
  __shared__ float weights[kWarps][kPage];
  __shared__ float sums[kWarps][kMaxHead];
  __shared__ float maxima[kWarps];
  __shared__ float totals[kWarps];
  __shared__ float factors[kWarps];
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
      const typename S::Unit* key =
          keys + kv_row(page, kvHead, kvHeads, lane, S::pitch(headSize));
      score = S::dot(key, query, headSize) * scale;
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
    int pitch = S::pitch(valueSize);
    const typename S::Unit* rows = values + kv_row(page, kvHead, kvHeads, 0, pitch);
#pragma unroll
    for (int e = 0; e < kMaxHead / 32; e++) {
      int i = e * 32 + lane;
      if (i < valueSize) {
        float sum = acc[e] * shrink;
#pragma unroll 8
        for (int p = from; p < here; p++) {
          sum = fmaf(weights[warp][p], S::get(rows + (size_t)p * pitch, i), sum);
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
  if (threadIdx.x < kWarps) {
    factors[threadIdx.x] = expf(maxima[threadIdx.x] - highest);
  }
  __syncthreads();
  float sum = sinks == 0 ? 0.0f : expf(sinks[head] - highest);
  for (int w = 0; w < kWarps; w++) {
    sum = fmaf(totals[w], factors[w], sum);
  }
  for (int i = threadIdx.x; i < valueSize; i += blockDim.x) {
    float value = 0.0f;
    for (int w = 0; w < kWarps; w++) {
      value = fmaf(sums[w][i], factors[w], value);
    }
    out[(size_t)token * outPitch + head * valueSize + i] = value / sum;
  }
}

#define KERNELS(suffix, S)                                                                       \
  extern "C" __global__ void kv_append_##suffix(                                                 \
      const float* k, int kPitch, const float* v, int vPitch, const int* positions,              \
      const int* pageStart, const int* pages, S::Unit* keys, S::Unit* values, int kvHeads,       \
      int headSize, int valueSize) {                                                             \
    append<S>(k, kPitch, v, vPitch, positions, pageStart, pages, keys, values, kvHeads,          \
              headSize, valueSize);                                                              \
  }                                                                                              \
  extern "C" __global__ void kv_move_##suffix(                                                   \
      const int* positions, const int* pageStart, const int* pages, int count, S::Unit* keys,    \
      S::Unit* values, int kvHeads, int headSize, int valueSize, const float* cos,               \
      const float* sin, int pairs, int step, int distance) {                                     \
    move<S>(positions, pageStart, pages, count, keys, values, kvHeads, headSize, valueSize, cos, \
            sin, pairs, step, distance);                                                         \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(256, 2) attention_##suffix(                          \
      const float* q, int qPitch, const int* positions, const int* pageStart, const int* pages,  \
      const S::Unit* keys, const S::Unit* values, float* out, int outPitch, int group,           \
      int kvHeads, int headSize, int valueSize, float scale, float softCap, int window,          \
      const float* sinks) {                                                                      \
    attend<S>(q, qPitch, positions, pageStart, pages, keys, values, out, outPitch, group,        \
              kvHeads, headSize, valueSize, scale, softCap, window, sinks);                      \
  }
KERNELS(f32, StoredF32)
KERNELS(f16, StoredF16)
KERNELS(q8_0, StoredQ8_0)
