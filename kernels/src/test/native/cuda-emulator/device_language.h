// Stands in for the CUDA device language where a .cu file is compiled by a plain C++ compiler.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "module_abi.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) alignas(n)
#define __restrict__ __restrict
// One block runs at a time, so one copy serves them all. Being without initial value they lie in the
// module's .bss section, with nothing else, see EMU_MODULE.
#define __shared__ static

#define threadIdx (emu_thread->index)
#define blockIdx (emu_thread->shape->block)
#define blockDim (emu_thread->shape->block_size)
#define gridDim (emu_thread->shape->grid_size)
constexpr int warpSize = 32;

inline void* emu_dynamic_shared() { return emu_thread->shape->dynamic_shared; }

// ---- vector types

struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) int2 { int x, y; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) uint2 { unsigned x, y; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
struct alignas(4) char4 { signed char x, y, z, w; };
struct alignas(4) uchar4 { unsigned char x, y, z, w; };
struct alignas(4) ushort2 { unsigned short x, y; };
struct alignas(8) ushort4 { unsigned short x, y, z, w; };

inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

// ---- barriers

inline void __syncthreads() { emu_barrier(false); }
inline int __syncthreads_count(int predicate) { return int(uint32_t(emu_barrier(predicate != 0))); }
inline int __syncthreads_or(int predicate) { return __syncthreads_count(predicate) != 0; }
inline int __syncthreads_and(int predicate) {
  uint64_t counts = emu_barrier(predicate != 0);
  return uint32_t(counts) == uint32_t(counts >> 32);
}

// ---- collectives of a warp

namespace emu {

template <class T>
inline T shuffle(unsigned mask, T value, int source, Collective kind) {
  static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  const Exchange* all = emu_exchange(mask, kind, bits);
  if (!(all->lanes >> source & 1)) {
    emu_fail("a shuffle reads from a lane outside its mask, or one that has exited");
  }
  memcpy(&value, &all->values[source], sizeof value);
  return value;
}

// Width splits a warp into segments that do not see each other.
inline int segment(int lane, int width) { return lane & ~(width - 1); }

}  // namespace emu

template <class T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  int lane = int(emu_thread->lane);
  int from = emu::segment(lane, width) | (source & (width - 1));
  return emu::shuffle(mask, value, from, emu::Collective::kShuffle);
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32) {
  int lane = int(emu_thread->lane);
  int from = lane ^ bits;
  bool outside = emu::segment(from, width) > emu::segment(lane, width);
  return emu::shuffle(mask, value, outside ? lane : from, emu::Collective::kShuffleXor);
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = int(emu_thread->lane);
  int from = lane - int(delta);
  bool outside = from < emu::segment(lane, width);
  return emu::shuffle(mask, value, outside ? lane : from, emu::Collective::kShuffleUp);
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = int(emu_thread->lane);
  int from = lane + int(delta);
  bool outside = emu::segment(from, width) != emu::segment(lane, width);
  return emu::shuffle(mask, value, outside ? lane : from, emu::Collective::kShuffleDown);
}
inline void __syncwarp(unsigned mask = 0xffffffffu) {
  emu_exchange(mask, emu::Collective::kSync, 0);
}
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  const emu::Exchange* all = emu_exchange(mask, emu::Collective::kVote, predicate != 0);
  unsigned votes = 0;
  for (int lane = 0; lane < 32; lane++) {
    if (all->lanes >> lane & 1) votes |= unsigned(all->values[lane]) << lane;
  }
  return votes;
}
inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }
inline unsigned __activemask() { return emu_active_lanes(); }

// ---- memory

template <class T>
inline T __ldg(const T* from) { return *from; }
template <class T>
inline T __ldcs(const T* from) { return *from; }
template <class T>
inline void __stcs(T* to, T value) { *to = value; }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_system() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
// Threads take turns only at barriers and collectives, so plain accesses are atomic; those to mapped
// memory are seen by the host, hence the built-ins. Floats are left out on purpose: see the rules.
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicAdd(T* to, T value) { return __atomic_fetch_add(to, value, __ATOMIC_SEQ_CST); }
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicOr(T* to, T value) { return __atomic_fetch_or(to, value, __ATOMIC_SEQ_CST); }
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicAnd(T* to, T value) { return __atomic_fetch_and(to, value, __ATOMIC_SEQ_CST); }
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicExch(T* to, T value) { return __atomic_exchange_n(to, value, __ATOMIC_SEQ_CST); }
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicCAS(T* to, T expected, T value) {
  __atomic_compare_exchange_n(to, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicMax(T* to, T value) {
  T old = *to;
  *to = std::max(old, value);
  return old;
}
template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
inline T atomicMin(T* to, T value) {
  T old = *to;
  *to = std::min(old, value);
  return old;
}

// ---- bits

template <class To, class From>
inline To emu_bits(From from) {
  static_assert(sizeof(To) == sizeof(From), "same size");
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}
inline float __int_as_float(int bits) { return emu_bits<float>(bits); }
inline int __float_as_int(float value) { return emu_bits<int>(value); }
inline float __uint_as_float(unsigned bits) { return emu_bits<float>(bits); }
inline unsigned __float_as_uint(float value) { return emu_bits<unsigned>(value); }
inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __popcll(unsigned long long bits) { return __builtin_popcountll(bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }
inline int __clz(int bits) { return bits == 0 ? 32 : __builtin_clz(unsigned(bits)); }
inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector) {
  uint64_t bytes = uint64_t(high) << 32 | low;
  unsigned result = 0;
  for (int i = 0; i < 4; i++) {
    result |= unsigned(bytes >> 8 * (selector >> 4 * i & 7) & 255) << 8 * i;
  }
  return result;
}

// ---- arithmetic

using std::max;
using std::min;
inline int __dp4a(int a, int b, int sum) {
  for (int i = 0; i < 4; i++) sum += int(int8_t(a >> 8 * i)) * int(int8_t(b >> 8 * i));
  return sum;
}
inline int __vsub4(int a, int b) {
  unsigned result = 0;
  for (int i = 0; i < 4; i++) result |= (unsigned(a >> 8 * i) - unsigned(b >> 8 * i) & 255u) << 8 * i;
  return int(result);
}
inline int __vsubss4(int a, int b) {
  unsigned result = 0;
  for (int i = 0; i < 4; i++) {
    int difference = int8_t(a >> 8 * i) - int8_t(b >> 8 * i);
    result |= (unsigned(std::clamp(difference, -128, 127)) & 255u) << 8 * i;
  }
  return int(result);
}
inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline float __expf(float x) { return expf(x); }
inline float __logf(float x) { return logf(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline int __float2int_rn(float x) { return int(rintf(x)); }
inline int __float2int_rz(float x) { return int(x); }
inline float __int2float_rn(int x) { return float(x); }
inline float __saturatef(float x) { return x > 0.0f ? std::min(x, 1.0f) : 0.0f; }

// ---- halves, by arithmetic on their bits

inline float emu_half_to_float(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000) << 16;
  uint32_t exponent = half >> 10 & 31;
  uint32_t mantissa = half & 1023;
  if (exponent == 0) {  // zero or subnormal, in units of 2^-24
    float magnitude = float(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  uint32_t bits = exponent == 31 ? 0x7f800000u | mantissa << 13 : (exponent + 112) << 23 | mantissa << 13;
  return emu_bits<float>(sign | bits);
}

inline uint16_t emu_float_to_half(float value) {
  uint32_t bits = emu_bits<uint32_t>(value);
  uint16_t sign = uint16_t(bits >> 16 & 0x8000);
  bits &= 0x7fffffff;
  if (bits > 0x7f800000u) return 0x7fff;             // as the device: one NaN
  if (bits >= 0x477ff000u) return sign | 0x7c00;     // rounds to infinity
  if (bits < 0x38800000u) {                          // subnormal: the unit is 2^-24
    return sign | uint16_t(rintf(emu_bits<float>(bits) * 0x1p24f));
  }
  bits += 0xfff + (bits >> 13 & 1);                  // to nearest, ties to even
  return sign | uint16_t((bits - 0x38000000u) >> 13);
}

// ---- table of kernels: number and sizes of the parameters come from the C++ function's type

namespace emu {

template <class... A>
struct Signature {
  static constexpr unsigned sizes[sizeof...(A) + 1] = {unsigned(sizeof(A))..., 0};
  using Function = void (*)(A...);

  template <size_t... I>
  static void apply(Function function, void** arguments, std::index_sequence<I...>) {
    function(*static_cast<std::remove_reference_t<A>*>(arguments[I])...);
  }
  static void call(void (*function)(), void** arguments) {
    apply(reinterpret_cast<Function>(function), arguments, std::index_sequence_for<A...>{});
  }
};

template <class... A>
Kernel kernel(const char* name, void (*function)(A...)) {
  return {name, &Signature<A...>::call, reinterpret_cast<void (*)()>(function), int(sizeof...(A)),
          Signature<A...>::sizes};
}

}  // namespace emu

// The table has a section of its own, because .bss is shared memory and overwritten before each block.
#define EMU_MODULE(...)                                                                    \
  extern "C" __attribute__((visibility("hidden"))) char __bss_start[], _end[];             \
  __attribute__((section(".kernels"))) emu::Kernel emu_kernels[] = {__VA_ARGS__};          \
  __attribute__((section(".kernels"))) emu::Module emu_table = {                           \
      emu::kModuleAbi, emu_kernels, int(sizeof emu_kernels / sizeof *emu_kernels),         \
      __bss_start, size_t(_end - __bss_start)};                                            \
  extern "C" __attribute__((visibility("default"))) const emu::Module* emu_module() {      \
    return &emu_table;                                                                     \
  }
