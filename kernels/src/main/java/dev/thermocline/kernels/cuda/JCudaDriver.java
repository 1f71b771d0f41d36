package dev.thermocline.kernels.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUevent_flags.CU_EVENT_DEFAULT;
import static jcuda.driver.CUevent_flags.CU_EVENT_DISABLE_TIMING;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;
import static jcuda.driver.JCudaDriver.*;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import org.jspecify.annotations.Nullable;

/**
 * The driver API through JCuda, and the only class that knows JCuda's driver binding, hence longer
 * than most. JCuda's own exceptions stay off: they carry neither the call nor amounts.
 */
final class JCudaDriver implements CudaDriver {

  private static final System.Logger LOG = System.getLogger(JCudaDriver.class.getName());

  private final CUdevice handle;
  private final CUcontext context;
  private final CudaDevice device;
  private final AddressCache<Address> addresses = new AddressCache<>(Address::new);
  private final ThreadLocal<CUcontext> current = ThreadLocal.withInitial(this::makeCurrent);

  private JCudaDriver(CUdevice handle, CUcontext context, int driverVersion) {
    this.handle = handle;
    this.context = context;
    bind();
    this.device = describe(driverVersion);
  }

  /** Opens the first device of a driver that {@link CudaProbe} found ready. */
  static JCudaDriver open(CudaStatus status) {
    JCudaNatives.load("JCudaDriver", () -> setExceptionsEnabled(false));
    check("cuInit", cuInit(0));
    CUdevice device = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(device, 0));
    CUcontext context = new CUcontext();
    check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device));
    try {
      return new JCudaDriver(device, context, status.driverVersion());
    } catch (CudaException e) {
      cuDevicePrimaryCtxRelease(device);
      throw e;
    }
  }

  private CudaDevice describe(int driverVersion) {
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, handle));
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    long[] total = new long[1];
    check("cuDeviceTotalMem", cuDeviceTotalMem(total, handle));
    return new CudaDevice(
        new String(name, 0, length, StandardCharsets.UTF_8),
        attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        total[0],
        attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
        driverVersion);
  }

  private int attribute(int attribute) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, handle));
    return value[0];
  }

  /** The driver wants the context current in every thread that calls it. */
  void bind() {
    current.get();
  }

  private CUcontext makeCurrent() {
    check("cuCtxSetCurrent", cuCtxSetCurrent(context));
    return context;
  }

  private static void check(String call, int status) {
    if (status != CUDA_SUCCESS) {
      throw new CudaException(call, errorName(status));
    }
  }

  private void checkMemory(String call, int status, long bytes) {
    if (status != CUDA_SUCCESS) {
      long[] free = new long[1];
      boolean known = cuMemGetInfo(free, new long[1]) == CUDA_SUCCESS;
      throw new CudaException(call, errorName(status), bytes, known ? free[0] : -1);
    }
  }

  private static void checkRelease(String call, int status) {
    if (status != CUDA_SUCCESS) {
      LOG.log(Level.DEBUG, "{0} failed: {1}", call, errorName(status));
    }
  }

  private static String errorName(int status) {
    @Nullable String[] name = new @Nullable String[1];
    cuGetErrorName(status, name);
    return name[0] == null ? "CUDA error " + status : name[0];
  }

  @Override
  public CudaDevice device() {
    return device;
  }

  @Override
  public long freeBytes() {
    bind();
    long[] free = new long[1];
    check("cuMemGetInfo", cuMemGetInfo(free, new long[1]));
    return free[0];
  }

  @Override
  public long allocate(long bytes) {
    requirePositive(bytes);
    bind();
    Result result = new Result();
    checkMemory("cuMemAlloc", cuMemAlloc(result, bytes), bytes);
    return result.address();
  }

  @Override
  public void free(long address) {
    bind();
    checkRelease("cuMemFree", cuMemFree(device(address)));
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment allocatePinned(long bytes) {
    requirePositive(bytes);
    bind();
    HostResult result = new HostResult();
    int flags = CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP;
    checkMemory("cuMemHostAlloc", cuMemHostAlloc(result, bytes, flags), bytes);
    return MemorySegment.ofAddress(result.address()).reinterpret(bytes);
  }

  @Override
  public void freePinned(MemorySegment pinned) {
    bind();
    checkRelease("cuMemFreeHost", cuMemFreeHost(host(pinned.address())));
  }

  @Override
  public long deviceAddress(MemorySegment pinned) {
    bind();
    Result result = new Result();
    Pointer host = host(pinned.address());
    check("cuMemHostGetDevicePointer", cuMemHostGetDevicePointer(result, host, 0));
    return result.address();
  }

  @Override
  public void copyToDevice(long to, long from, long bytes, CudaStream stream) {
    bind();
    int status = cuMemcpyHtoDAsync(device(to), host(from), bytes, raw(stream));
    check("cuMemcpyHtoDAsync", status);
  }

  @Override
  public void copyToHost(long to, long from, long bytes, CudaStream stream) {
    bind();
    int status = cuMemcpyDtoHAsync(host(to), device(from), bytes, raw(stream));
    check("cuMemcpyDtoHAsync", status);
  }

  @Override
  public void copyOnDevice(long to, long from, long bytes, CudaStream stream) {
    bind();
    int status = cuMemcpyDtoDAsync(device(to), device(from), bytes, raw(stream));
    check("cuMemcpyDtoDAsync", status);
  }

  @Override
  public void clear(long address, long bytes, CudaStream stream) {
    bind();
    int status = cuMemsetD8Async(device(address), (byte) 0, bytes, raw(stream));
    check("cuMemsetD8Async", status);
  }

  @Override
  public CudaStream stream() {
    bind();
    CUstream stream = new CUstream();
    check("cuStreamCreate", cuStreamCreate(stream, CU_STREAM_NON_BLOCKING));
    return new Stream(stream);
  }

  @Override
  public CudaEvent event() {
    return event(CU_EVENT_DISABLE_TIMING);
  }

  @Override
  public CudaEvent timedEvent() {
    return event(CU_EVENT_DEFAULT);
  }

  private CudaEvent event(int flags) {
    bind();
    CUevent event = new CUevent();
    check("cuEventCreate", cuEventCreate(event, flags));
    return new Event(event);
  }

  @Override
  public CudaModule load(Ptx ptx) {
    bind();
    byte[] text = ptx.text().getBytes(StandardCharsets.US_ASCII);
    CUmodule module = new CUmodule();
    // The driver reads up to a zero byte.
    int status = cuModuleLoadData(module, Arrays.copyOf(text, text.length + 1));
    check("cuModuleLoadData of " + ptx.name(), status);
    return new Module(module, ptx);
  }

  @Override
  public void synchronize() {
    bind();
    check("cuCtxSynchronize", cuCtxSynchronize());
  }

  @Override
  public void close() {
    checkRelease("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease(handle));
  }

  /** JCuda's form of a device address. */
  CUdeviceptr device(long address) {
    return addresses.at(address).device;
  }

  /** JCuda's form of a host address. */
  Pointer host(long address) {
    return addresses.at(address).host;
  }

  private static void requirePositive(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("an allocation has at least 1 byte, asked for " + bytes);
    }
  }

  /** JCuda's form of a stream; the only one that exists, since all streams come from here. */
  static CUstream raw(CudaStream stream) {
    return ((Stream) stream).handle;
  }

  private final class Stream implements CudaStream {
    private final CUstream handle;

    Stream(CUstream handle) {
      this.handle = handle;
    }

    @Override
    public void synchronize() {
      bind();
      check("cuStreamSynchronize", cuStreamSynchronize(handle));
    }

    @Override
    public boolean isIdle() {
      bind();
      int status = cuStreamQuery(handle);
      if (status != CUDA_ERROR_NOT_READY) {
        check("cuStreamQuery", status);
      }
      return status == CUDA_SUCCESS;
    }

    @Override
    public void record(CudaEvent event) {
      bind();
      check("cuEventRecord", cuEventRecord(((Event) event).handle, handle));
    }

    @Override
    public void waitFor(CudaEvent event) {
      bind();
      check("cuStreamWaitEvent", cuStreamWaitEvent(handle, ((Event) event).handle, 0));
    }

    @Override
    public void beginCapture() {
      bind();
      int status = cuStreamBeginCapture(handle, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
      check("cuStreamBeginCapture", status);
    }

    @Override
    public CudaGraph endCapture() {
      bind();
      CUgraph graph = new CUgraph();
      check("cuStreamEndCapture", cuStreamEndCapture(handle, graph));
      CUgraphExec executable = new CUgraphExec();
      int status = cuGraphInstantiate(executable, graph, 0L);
      checkRelease("cuGraphDestroy", cuGraphDestroy(graph));
      check("cuGraphInstantiate", status);
      return new Graph(executable);
    }

    @Override
    public void close() {
      bind();
      checkRelease("cuStreamDestroy", cuStreamDestroy(handle));
    }
  }

  private final class Event implements CudaEvent {
    private final CUevent handle;
    private final float[] millis = new float[1];

    Event(CUevent handle) {
      this.handle = handle;
    }

    @Override
    public boolean isDone() {
      bind();
      int status = cuEventQuery(handle);
      if (status != CUDA_ERROR_NOT_READY) {
        check("cuEventQuery", status);
      }
      return status == CUDA_SUCCESS;
    }

    @Override
    public void synchronize() {
      bind();
      check("cuEventSynchronize", cuEventSynchronize(handle));
    }

    @Override
    public long nanosSince(CudaEvent earlier) {
      bind();
      int status = cuEventElapsedTime(millis, ((Event) earlier).handle, handle);
      check("cuEventElapsedTime", status);
      return (long) (millis[0] * 1e6);
    }

    @Override
    public void close() {
      bind();
      checkRelease("cuEventDestroy", cuEventDestroy(handle));
    }
  }

  private final class Graph implements CudaGraph {
    private final CUgraphExec handle;

    Graph(CUgraphExec handle) {
      this.handle = handle;
    }

    @Override
    public void launch(CudaStream stream) {
      bind();
      check("cuGraphLaunch", cuGraphLaunch(handle, raw(stream)));
    }

    @Override
    public void close() {
      bind();
      checkRelease("cuGraphExecDestroy", cuGraphExecDestroy(handle));
    }
  }

  private final class Module implements CudaModule {
    private final CUmodule handle;
    private final Ptx ptx;

    Module(CUmodule handle, Ptx ptx) {
      this.handle = handle;
      this.ptx = ptx;
    }

    @Override
    public CudaFunction function(String name, ArgumentType... arguments) {
      List<ArgumentType> types = List.of(arguments);
      ptx.kernel(name).check(types);
      bind();
      CUfunction function = new CUfunction();
      check("cuModuleGetFunction of " + name, cuModuleGetFunction(function, handle, name));
      return new Function(function, name, types);
    }

    @Override
    public void close() {
      bind();
      checkRelease("cuModuleUnload", cuModuleUnload(handle));
    }
  }

  private final class Function implements CudaFunction {
    private final CUfunction handle;
    private final String name;
    private final String launch;
    private final List<ArgumentType> types;

    Function(CUfunction handle, String name, List<ArgumentType> types) {
      this.handle = handle;
      this.name = name;
      this.launch = "cuLaunchKernel of " + name;
      this.types = types;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public LaunchArguments arguments() {
      return new LaunchArguments(name, types);
    }

    @Override
    public void allowSharedBytes(int bytes) {
      bind();
      int status =
          cuFuncSetAttribute(handle, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes);
      check("cuFuncSetAttribute of " + name, status);
    }

    @Override
    public void launch(
        LaunchArguments arguments,
        int gridX,
        int gridY,
        int gridZ,
        int threads,
        int sharedBytes,
        CudaStream stream) {
      if (!arguments.kernel().equals(name)) {
        throw new IllegalArgumentException(
            "launch of %s with arguments of %s".formatted(name, arguments.kernel()));
      }
      bind();
      Pointer pointers = host(arguments.pointers());
      int status =
          cuLaunchKernel(
              handle, gridX, gridY, gridZ, threads, 1, 1, sharedBytes, raw(stream), pointers, null);
      check(launch, status);
    }
  }

  /** A pointer that the driver fills in. */
  private static final class Result extends CUdeviceptr {
    long address() {
      return getNativePointer() + getByteOffset();
    }
  }

  /** A host pointer that the driver fills in. */
  private static final class HostResult extends Pointer {
    long address() {
      return getNativePointer() + getByteOffset();
    }
  }

  /** A device address: JCuda can only be told one as an offset. */
  private static final class DeviceAddress extends CUdeviceptr {
    DeviceAddress(long value) {
      super(new CUdeviceptr(), value);
    }
  }

  /** A host address. */
  private static final class HostAddress extends Pointer {
    HostAddress(long value) {
      super(value);
    }
  }

  /** JCuda's two forms of an address. */
  private static final class Address {
    final CUdeviceptr device;
    final Pointer host;

    Address(long value) {
      this.device = new DeviceAddress(value);
      this.host = new HostAddress(value);
    }
  }
}
