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

// x *= y
extern "C" __global__ void elementwise_multiply(float4* x, const float4* y, long long quads) {
  size_t i = quad();
  if (i < (size_t)quads) {
    float4 a = x[i];
    float4 b = y[i];
    x[i] = make_float4(a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w);
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
