// Element by element. Values are [tokens][pitch] with zeros past the columns; operations that keep
// zero run over the padding too, four elements a thread.
#include "activation.cuh"

static __device__ __forceinline__ size_t quad() {
  return (size_t)blockIdx.x * blockDim.x + threadIdx.x;
}

// x += y
extern "C" __global__ void elementwise_add(float4* x, const float4* y, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    float4 b = y[i];
    x[i] = make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
  }
}

// x *= factor(up)
extern "C" __global__ void elementwise_multiply(
    float4* x, const float4* up, int function, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    float4 b = up[i];
    x[i] = make_float4(a.x * up_factor(function, b.x), a.y * up_factor(function, b.y),
                       a.z * up_factor(function, b.z), a.w * up_factor(function, b.w));
  }
}

// x *= factor
extern "C" __global__ void elementwise_scale(float4* x, float factor, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    x[i] = make_float4(a.x * factor, a.y * factor, a.z * factor, a.w * factor);
  }
}

// x = cap * tanh(x / cap)
extern "C" __global__ void elementwise_soft_cap(float4* x, float cap, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    x[i] = make_float4(cap * tanhf(a.x / cap), cap * tanhf(a.y / cap), cap * tanhf(a.z / cap),
                       cap * tanhf(a.w / cap));
  }
}

// x[t] += bias
extern "C" __global__ void elementwise_add_bias(float4* x, const float4* bias, int pitchQuads, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    float4 b = bias[i % pitchQuads];
    x[i] = make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
  }
}

// x = f(x); every f keeps zero
extern "C" __global__ void elementwise_activate(float4* x, int function, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    x[i] = make_float4(activate(function, a.x), activate(function, a.y), activate(function, a.z),
                       activate(function, a.w));
  }
}
