// Element-wise operations on float vectors. One thread per element.
#include "common.cuh"

// x[i] += y[i]
extern "C" __global__ void vector_add(float* x, const float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        x[i] += y[i];
    }
}
