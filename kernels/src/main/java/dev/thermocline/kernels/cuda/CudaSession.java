package dev.thermocline.kernels.cuda;

import org.jspecify.annotations.Nullable;

/** What the objects of one backend share: one stream and the resources around it. */
final class CudaSession implements AutoCloseable {
  private final CudaDriver driver;
  private final CudaOptions options;
  private final CudaHeap heap;
  private final CudaStream stream;
  private final CudaTransfers transfers;
  private final CudaLibrary library;
  private final CudaLoader loader;
  private final NeuronScratch scratch;
  private final @Nullable CublasGemm gemm;

  private CudaSession(CudaDriver driver, CudaOptions options, CudaHeap heap) {
    this.driver = driver;
    this.heap = heap;
    stream = driver.stream();
    heap.own(stream::close);
    transfers = new CudaTransfers(driver, heap, stream, options.stagingBytes());
    library = new CudaLibrary(driver, heap, stream);
    gemm = options.cublas() ? CublasGemm.open(driver).orElse(null) : null;
    if (gemm != null) {
      heap.own(gemm::close);
    }
    this.options = gemm == null ? options.withoutCublas() : options;
    loader = new CudaLoader(heap, transfers);
    scratch = new NeuronScratch(heap, this.options);
  }

  /** Opens a session; nothing stays allocated if that fails. */
  static CudaSession open(CudaDriver driver, CudaOptions options) {
    CudaHeap heap = new CudaHeap(driver);
    try {
      return new CudaSession(driver, options, heap);
    } catch (RuntimeException e) {
      heap.close();
      throw e;
    }
  }

  CudaDriver driver() {
    return driver;
  }

  /** The options as they turned out. */
  CudaOptions options() {
    return options;
  }

  CudaHeap heap() {
    return heap;
  }

  CudaStream stream() {
    return stream;
  }

  CudaTransfers transfers() {
    return transfers;
  }

  CudaLibrary library() {
    return library;
  }

  CudaLoader loader() {
    return loader;
  }

  /** Dense products, or null if they are off or not installed. */
  @Nullable CublasGemm gemm() {
    return gemm;
  }

  NeuronScratch scratch() {
    return scratch;
  }

  @Override
  public void close() {
    heap.close();
  }
}
