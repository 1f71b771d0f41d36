package dev.thermocline.kernels.cuda;

import static jcuda.cudaDataType.CUDA_R_16F;
import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.setExceptionsEnabled;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_SUCCESS;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/**
 * Dense matrix products by NVIDIA's cuBLAS through JCublas, for prompts: decoding has nothing that
 * it would do better. Used by one thread at a time.
 */
public final class CublasGemm implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CublasGemm.class.getName());

  /** Types of elements that a product takes; sums and results are floats. */
  public enum Element {
    F32(CUDA_R_32F),
    F16(CUDA_R_16F);

    private final int code;

    Element(int code) {
      this.code = code;
    }
  }

  private final JCudaDriver driver;
  private final cublasHandle handle;
  private final Arena arena = Arena.ofShared();
  private final Pointer one;
  private final Pointer zero;
  private @Nullable CudaStream current;

  private CublasGemm(JCudaDriver driver, cublasHandle handle) {
    this.driver = driver;
    this.handle = handle;
    // The factors of the product and of the old result, where the library reads them.
    one = driver.host(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f).address());
    zero = driver.host(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0f).address());
  }

  /** Prepares cuBLAS 12, or empty where it is not installed or of a version that does not fit. */
  public static Optional<CublasGemm> open(CudaDriver driver) {
    if (CudaLibraries.load(CudaLibraries.Library.CUBLAS).isEmpty()) {
      return Optional.empty();
    }
    JCudaDriver binding = (JCudaDriver) driver;
    binding.bind();
    try {
      JCudaNatives.load("JCublas2", () -> setExceptionsEnabled(false));
    } catch (CudaException e) {
      LOG.log(Level.WARNING, "prompts go without cuBLAS: {0}", e.getMessage());
      return Optional.empty();
    }
    cublasHandle handle = new cublasHandle();
    check("cublasCreate", cublasCreate(handle));
    return Optional.of(new CublasGemm(binding, handle));
  }

  /**
   * Enqueues {@code c[i][j] = sum over l of a[i][l] * b[j][l]}: activations times the rows of a
   * weight. Rows may lie further apart than they are long.
   *
   * @param type of {@code a} and {@code b}
   * @param a device address of {@code [m][k]}, rows {@code aPitch} elements apart
   * @param b device address of {@code [n][k]}, rows {@code bPitch} elements apart
   * @param c device address of {@code float [m][n]}, rows {@code cPitch} elements apart
   */
  public void multiply(
      Element type,
      int m,
      int n,
      int k,
      long a,
      int aPitch,
      long b,
      int bPitch,
      long c,
      int cPitch,
      CudaStream stream) {
    driver.bind();
    if (!stream.equals(current)) {
      cudaStream_t raw = new cudaStream_t(JCudaDriver.raw(stream));
      check("cublasSetStream", cublasSetStream(handle, raw));
      current = stream;
    }
    // cuBLAS stores by columns, so it sees every matrix here transposed: c^T = b * a^T.
    int status =
        cublasGemmEx_new(
            handle,
            CUBLAS_OP_T,
            CUBLAS_OP_N,
            n,
            m,
            k,
            one,
            driver.device(b),
            type.code,
            bPitch,
            driver.device(a),
            type.code,
            aPitch,
            zero,
            driver.device(c),
            CUDA_R_32F,
            cPitch,
            CUBLAS_COMPUTE_32F,
            CUBLAS_GEMM_DEFAULT);
    check("cublasGemmEx", status);
  }

  private static void check(String call, int status) {
    if (status != CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(call, cublasStatus.stringFor(status));
    }
  }

  @Override
  public void close() {
    driver.bind();
    cublasDestroy(handle);
    arena.close();
  }
}
