// The non-linearities, numbered as CudaLibrary.number has them.
#pragma once
#include "common.cuh"

static constexpr int kSilu = 0;
static constexpr int kRelu = 1;
static constexpr int kReluSquared = 2;
static constexpr int kGelu = 3;
static constexpr int kDrelu = 4;
static constexpr int kClampedSwiglu = 5;

static __device__ __forceinline__ float activate(int function, float x) {
  if (function == kSilu) {
    return x / (1.0f + expf(-x));
  }
  if (function == kGelu) {
    return x / (1.0f + expf(-1.5957691216f * (x + 0.044715f * x * x * x)));
  }
  if (function == kClampedSwiglu) {
    float g = fminf(x, 7.0f);
    return g / (1.0f + expf(-1.702f * g));
  }
  // Written so that a NaN stays one, as in Java.
  float r = x <= 0.0f ? 0.0f : x;
  return function == kReluSquared ? r * r : r;
}

// What an activated gate is multiplied with.
static __device__ __forceinline__ float up_factor(int function, float up) {
  if (function == kDrelu) {
    return up <= 0.0f ? 0.0f : up;
  }
  return function == kClampedSwiglu ? fminf(fmaxf(up, -7.0f), 7.0f) + 1.0f : up;
}
