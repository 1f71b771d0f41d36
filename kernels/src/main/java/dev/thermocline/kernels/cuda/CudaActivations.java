package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.Activations;

/** Activations in the memory of a CUDA device. */
public non-sealed interface CudaActivations extends Activations {}
