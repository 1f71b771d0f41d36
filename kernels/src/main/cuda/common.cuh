// What every kernel file includes, and the only thing it may include.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef signed char i8;

#define FULL 0xffffffffu

#ifdef EMU
#define DYN_SHARED(type, name) type* name = reinterpret_cast<type*>(emu_dynamic_shared())
#else
#define DYN_SHARED(type, name)                           \
    extern __shared__ __align__(16) u8 dynamic_shared[]; \
    type* name = reinterpret_cast<type*>(dynamic_shared)
#endif

// IEEE half to float, exact.
__device__ __forceinline__ float h2f(u16 bits) {
#ifdef EMU
    return emu_half_to_float(bits);
#else
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
#endif
}

// Float to the nearest IEEE half, ties to even.
__device__ __forceinline__ u16 f2h(float value) {
#ifdef EMU
    return emu_float_to_half(value);
#else
    u16 bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
#endif
}

// bfloat16 to float, exact.
__device__ __forceinline__ float b2f(u16 bits) {
    return __uint_as_float(static_cast<u32>(bits) << 16);
}

// Sum over the lanes of a full warp, the same in every lane and in a fixed order.
template <class T>
__device__ __forceinline__ T warp_sum(T value) {
    for (int offset = 16; offset > 0; offset >>= 1) {
        value += __shfl_xor_sync(FULL, value, offset);
    }
    return value;
}

// Largest value of a full warp, the same in every lane.
__device__ __forceinline__ float warp_max(float value) {
    for (int offset = 16; offset > 0; offset >>= 1) {
        value = fmaxf(value, __shfl_xor_sync(FULL, value, offset));
    }
    return value;
}
