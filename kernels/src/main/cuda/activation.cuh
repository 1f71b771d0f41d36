// The non-linearities, numbered as CudaLibrary.number has them.
#pragma once
#include "common.cuh"

static constexpr int kSilu = 0;
static constexpr int kRelu = 1;
static constexpr int kReluSquared = 2;

static __device__ __forceinline__ float activate(int function, float x) {
  if (function == kSilu) {
    return x / (1.0f + expf(-x));
  }
  // Written so that a NaN stays one, as in Java.
  float r = x <= 0.0f ? 0.0f : x;
  return function == kReluSquared ? r * r : r;
}
