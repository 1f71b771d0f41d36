package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.kernels.cuda.CublasGemm.Element;
import dev.thermocline.kernels.cuda.CudaLibraries.Library;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** NVIDIA's optional libraries, or what stands in for them. */
class CudaLibrariesTest {

  private static final int M = 3;
  private static final int N = 5;
  private static final int K = 7;
  private static final int PITCH = 8;

  private static float a(int row, int column) {
    return row - 0.5f * column;
  }

  private static float b(int row, int column) {
    return 1 + row * column % 4;
  }

  /** Rows of {@code PITCH} elements with rubbish behind the columns. */
  private static float[] padded(int rows, boolean first) {
    float[] values = new float[rows * PITCH];
    for (int i = 0; i < values.length; i++) {
      int column = i % PITCH;
      boolean padding = column >= K;
      values[i] = padding ? Float.NaN : first ? a(i / PITCH, column) : b(i / PITCH, column);
    }
    return values;
  }

  private static long halves(CudaFixture device, float[] values) {
    PinnedMemory memory = device.pinned(2L * values.length);
    for (int i = 0; i < values.length; i++) {
      memory.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
    }
    return memory.deviceAddress();
  }

  private static float[] expected() {
    float[] c = new float[M * N];
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < N; j++) {
        for (int l = 0; l < K; l++) {
          c[i * N + j] += a(i, l) * b(j, l);
        }
      }
    }
    return c;
  }

  @Test
  void multipliesMatrices() {
    EmulatedCuda emulator = EmulatedCuda.load();
    for (Mode mode : Mode.values()) {
      emulator.mode(mode);
      try (CudaFixture device = new CudaFixture();
          CublasGemm gemm = CublasGemm.open(device.driver).orElseThrow()) {
        long c = device.device(4 * M * N);
        long a = device.device(padded(M, true));
        long b = device.device(padded(N, false));
        gemm.multiply(Element.F32, M, N, K, a, PITCH, b, PITCH, c, N, device.stream);
        assertArrayEquals(expected(), device.floats(c, M * N), 1e-4f);

        device.driver.clear(c, 4 * M * N, device.stream);
        long ah = halves(device, padded(M, true));
        long bh = halves(device, padded(N, false));
        gemm.multiply(Element.F16, M, N, K, ah, PITCH, bh, PITCH, c, N, device.stream);
        assertArrayEquals(expected(), device.floats(c, M * N), 1e-4f);
      }
    }
  }

  @Test
  void aProductThatFailsSaysSo() {
    EmulatedCuda emulator = EmulatedCuda.load();
    try (CudaFixture device = new CudaFixture();
        CublasGemm gemm = CublasGemm.open(device.driver).orElseThrow()) {
      long x = device.device(256);
      emulator.fail(Fault.LAUNCH, 1);
      CudaException e =
          assertThrows(
              CudaException.class,
              () -> gemm.multiply(Element.F32, 2, 2, 2, x, 2, x, 2, x, 2, device.stream));
      assertEquals("cublasGemmEx failed: CUBLAS_STATUS_EXECUTION_FAILED", e.getMessage());
    }
  }

  @Test
  void readsMemoryAndClocks() {
    EmulatedCuda.load();
    Optional<Nvml.Reading> reading = Nvml.read();
    assertEquals(
        Optional.of(new Nvml.Reading("560.35.03", 1L << 30, 1L << 29, 1500, 7000)), reading);
  }

  @Test
  void compilesForADeviceWhereTheCompilerIsInstalled() {
    Optional<NvrtcCompiler> compiler = NvrtcCompiler.open();
    assertEquals(CudaLibraries.load(Library.NVRTC).isPresent(), compiler.isPresent());
    assumeTrue(compiler.isPresent(), "NVRTC 12 is not installed (Maven profile cuda-redist)");
    Ptx shipped = Ptx.resource("norm");
    Ptx compiled = compiler.get().compile("norm", 89);
    assertEquals(shipped.kernels(), compiled.kernels());
    assertTrue(compiled.text().contains(".target sm_89"));
    CudaException e =
        assertThrows(CudaException.class, () -> compiler.get().compile("broken", "oops", 89));
    assertTrue(e.getMessage().contains("broken.cu(1)"), e.getMessage());
  }

  /** As JCuda tells it of a cuBLAS of another version. */
  @Test
  void aLibraryThatDoesNotFitSaysWhy() {
    UnsatisfiedLinkError trace =
        new UnsatisfiedLinkError(
            """
            Error while loading native library
            java.lang.UnsatisfiedLinkError: no JCudaRuntime in java.library.path
            at a
            java.lang.UnsatisfiedLinkError: libx.so: version `libx.so.12' not found
            at b
            """);
    CudaException e =
        assertThrows(
            CudaException.class,
            () ->
                JCudaNatives.load(
                    "JCudaRuntime",
                    () -> {
                      throw trace;
                    }));
    assertEquals("libx.so: version `libx.so.12' not found", e.error());
    assertEquals(trace, e.getCause());
  }
}
