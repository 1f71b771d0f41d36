package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RandomData;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;

/** A CUDA backend on the emulated device, for tests that count or break things. */
final class EmulatedKernels implements AutoCloseable {
  private final EmulatedCuda cuda = EmulatedCuda.load();
  private final CudaDriver driver = CudaDriver.open();
  private final CudaKernels kernels;

  EmulatedKernels(CudaOptions options) {
    kernels = new CudaKernels(driver, options);
  }

  EmulatedCuda cuda() {
    return cuda;
  }

  CudaKernels kernels() {
    return kernels;
  }

  /** A gated block with biases. */
  static NeuronWeights block(RandomData data, TensorFormat format, int neurons, int width) {
    return new NeuronWeights(
        data.tensor("gate", format, neurons, width),
        data.tensor("gate bias", TensorFormats.F32, 1, neurons),
        data.tensor("up", format, neurons, width),
        null,
        data.tensor("down", format, neurons, width),
        ActivationFunction.RELU);
  }

  @Override
  public void close() {
    kernels.close();
    driver.close();
  }
}
