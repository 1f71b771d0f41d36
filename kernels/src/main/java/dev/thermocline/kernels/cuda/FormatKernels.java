package dev.thermocline.kernels.cuda;

import org.jspecify.annotations.Nullable;

/**
 * The kernels of one weight format.
 *
 * @param testInt8 the test on eight-bit activations, where the format has one
 * @param multiplyInt8 the product on eight-bit activations, where the format has one
 */
record FormatKernels(
    CudaLaunch packRows,
    CudaLaunch embed,
    CudaLaunch multiply,
    CudaLaunch multiplyBatch,
    CudaLaunch multiplyRows,
    CudaLaunch neuronTest,
    CudaLaunch neuronMultiply,
    CudaLaunch neuronDown,
    CudaLaunch neuronDownBatch,
    CudaLaunch denseUnpack,
    @Nullable CudaLaunch testInt8,
    @Nullable CudaLaunch multiplyInt8) {}
