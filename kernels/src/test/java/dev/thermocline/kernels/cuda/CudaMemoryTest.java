package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RandomData;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.format.TensorFormats;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Device memory is accounted to the byte and given back, also when something fails. */
final class CudaMemoryTest {
  private static final List<Counter> ALIVE =
      List.of(
          Counter.LIVE_DEVICE_BYTES,
          Counter.LIVE_DEVICE_ALLOCATIONS,
          Counter.LIVE_PINNED_ALLOCATIONS,
          Counter.LIVE_STREAMS,
          Counter.LIVE_EVENTS,
          Counter.LIVE_MODULES);

  private final RandomData data = new RandomData(3);
  private EmulatedCuda cuda;

  @BeforeEach
  void load() {
    cuda = EmulatedCuda.load();
  }

  private List<Long> alive() {
    return ALIVE.stream().map(cuda::counter).toList();
  }

  /** Loads one of everything, computes and checks the books; closes only some of it. */
  private void useEverything(CudaDriver driver) {
    long before = cuda.counter(Counter.LIVE_DEVICE_BYTES);
    try (CudaKernels kernels = new CudaKernels(driver, CudaOptions.of(4))) {
      NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.Q8_0, 70, 64);
      NeuronBlock block = kernels.neurons(weights, null);
      kernels.matrix(data.tensor("w", TensorFormats.F32, 30, 100));
      kernels.columns(data.tensor("c", TensorFormats.Q4_0, 30, 64)).close();
      kernels.weights(data.tensor("b", TensorFormats.F32, 1, 100)).close();
      kernels.kvCache(new KvShape(2, 2, 8, KvFormat.F16));
      Activations x = kernels.activations(1, 64);
      kernels.upload(new HostActivations(1, 64), 1, x);
      block.forward(x, 1, null, false, x);
      kernels.download(x, 1, new HostActivations(1, 64));
      kernels.synchronize();
      assertEquals(cuda.counter(Counter.LIVE_DEVICE_BYTES) - before, kernels.deviceBytes());
    }
  }

  @Test
  void everythingTakesWhatWasPredicted() {
    CudaOptions options = CudaOptions.of(40);
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels kernels = new CudaKernels(driver, options)) {
      long expected = CudaBytes.backend(options);
      assertEquals(expected, kernels.deviceBytes());
      Tensor matrix = data.tensor("w", TensorFormats.Q4_0, 3000, 64);
      NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.Q8_0, 70, 64);
      kernels.matrix(matrix);
      expected += CudaBytes.matrix(matrix);
      kernels.neurons(weights, null);
      expected += CudaBytes.neurons(weights, 70);
      expected += CudaBytes.scratch(options, List.of(matrix), List.of(weights));
      kernels.weights(data.tensor("b", TensorFormats.F32, 1, 100));
      expected += CudaBytes.weights(100);
      kernels.activations(3, 100);
      expected += CudaBytes.activations(3, 100);
      kernels.kvCache(new KvShape(2, 2, 8, KvFormat.F16));
      expected += new KvShape(2, 2, 8, KvFormat.F16).bytes();
      assertEquals(expected, kernels.deviceBytes());
    }
  }

  @Test
  void closingGivesEverythingBack() {
    try (CudaDriver driver = CudaDriver.open()) {
      List<Long> before = alive();
      useEverything(driver);
      assertEquals(before, alive());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultIsReportedAndLeaksNothing(Fault fault) {
    try (CudaDriver driver = CudaDriver.open()) {
      List<Long> before = alive();
      for (int nth = 1; ; nth++) {
        cuda.reset();
        cuda.fail(fault, nth);
        try {
          useEverything(driver);
          assertTrue(nth > 1, "no call of this kind");
          return;
        } catch (CudaException e) {
          assertEquals(
              fault == Fault.ALLOCATION, e.outOfMemory() && fault != Fault.ANY, e::toString);
        }
        cuda.reset();
        assertEquals(before, alive(), "after failing call " + nth);
      }
    }
  }

  @Test
  void whatIsLoadedSurvivesRunningOutOfMemory() {
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels kernels = new CudaKernels(driver, CudaOptions.of(1))) {
      NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.F16, 64, 64);
      NeuronBlock block = kernels.neurons(weights, null);
      long held = kernels.deviceBytes();
      cuda.memoryBytes(cuda.counter(Counter.LIVE_DEVICE_BYTES) + 10_000);
      NeuronWeights large = EmulatedKernels.block(data, TensorFormats.F32, 100, 64);
      CudaException failure = assertThrows(CudaException.class, () -> kernels.neurons(large, null));
      assertTrue(failure.outOfMemory());
      assertTrue(failure.bytesAsked() > 3 * 100 * 64 * 4, failure::toString);
      assertEquals(held, kernels.deviceBytes());
      Activations x = kernels.activations(1, 64);
      block.forward(x, 1, null, false, x);
      assertEquals(64, block.neuronsAdded());
    }
  }

  @Test
  void ropesDoNotPileUp() {
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels kernels = new CudaKernels(driver, CudaOptions.of(1))) {
      Activations x = kernels.activations(1, 8);
      long most = 0;
      for (int i = 0; i < 20; i++) {
        kernels.rope(x, 1, 8, new Rope(RopeStyle.NORMAL, new double[] {1}, 1));
        most = i < 10 ? kernels.deviceBytes() : most;
      }
      assertEquals(most, kernels.deviceBytes());
    }
  }

  @Test
  void wrongOperandsAreNamed() {
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels kernels = new CudaKernels(driver, CudaOptions.of(1))) {
      NeuronBlock block =
          kernels.neurons(EmulatedKernels.block(data, TensorFormats.F16, 64, 64), null);
      Activations narrow = kernels.activations(1, 32);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> block.forward(narrow, 1, null, true, narrow));
      assertEquals("neuron input: expected [1][64], got [1][32]", refused.getMessage());
      IllegalArgumentException tooLong =
          assertThrows(
              IllegalArgumentException.class,
              () -> kernels.kvCache(new KvShape(1, 1, 512, KvFormat.F32)));
      assertTrue(tooLong.getMessage().contains("at most 256"), tooLong::getMessage);
    }
  }
}
