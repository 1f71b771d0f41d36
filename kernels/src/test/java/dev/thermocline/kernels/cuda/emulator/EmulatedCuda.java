package dev.thermocline.kernels.cuda.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermocline.kernels.cuda.Ptx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA driver that runs on the processor, for tests: the libraries that JCuda loads as NVIDIA's,
 * which take the shipped PTX and run the host build of the same source. One per process; settings
 * hold until {@link #reset}.
 *
 * <p>It is found under the driver's name because a library that is loaded already answers to it,
 * whichever file it came from. So {@link #load} must come before anything touches CUDA.
 */
public final class EmulatedCuda {

  private static @Nullable EmulatedCuda loaded;

  private final MethodHandle reset;
  private final MethodHandle set;
  private final MethodHandle fail;
  private final MethodHandle counter;
  private final MethodHandle message;
  private final MethodHandle addModule;

  /** Order in which the threads of a block, and blocks, take turns. */
  public enum Order {
    FORWARD(0),
    REVERSE(1),
    RANDOM(2);

    private final int number;

    Order(int number) {
      this.number = number;
    }
  }

  /** When enqueued work runs: at once, or only when something waits for it. */
  public enum Mode {
    EAGER(0),
    LAZY(1);

    private final int number;

    Mode(int number) {
      this.number = number;
    }
  }

  /** Kinds of calls that can be made to fail; launches include graphs and products of cuBLAS. */
  public enum Fault {
    ALLOCATION(0),
    COPY(1),
    LAUNCH(2),
    SYNCHRONIZATION(3),
    /** Making streams, events, modules and graphs; recording and waiting on the device. */
    OTHER(4),
    ANY(5);

    private final int number;

    Fault(int number) {
      this.number = number;
    }
  }

  /** What is counted. The {@code LIVE} ones go on over a reset. */
  public enum Counter {
    LAUNCHES("launches"),
    GRAPH_LAUNCHES("graphLaunches"),
    SYNCHRONIZATIONS("synchronizations"),
    COPIES("copies"),
    TO_DEVICE_BYTES("toDeviceBytes"),
    TO_HOST_BYTES("toHostBytes"),
    ON_DEVICE_BYTES("onDeviceBytes"),
    PAGEABLE_COPIES("pageableCopies"),
    LIVE_DEVICE_BYTES("liveDeviceBytes"),
    LIVE_DEVICE_ALLOCATIONS("liveDeviceAllocations"),
    LIVE_PINNED_ALLOCATIONS("livePinnedAllocations"),
    LIVE_STREAMS("liveStreams"),
    LIVE_EVENTS("liveEvents"),
    LIVE_MODULES("liveModules"),
    LIVE_GRAPHS("liveGraphs");

    private final String name;

    Counter(String name) {
      this.name = name;
    }
  }

  @SuppressWarnings("restricted")
  private EmulatedCuda(EmulatorBuild.Result built) {
    SymbolLookup driver = SymbolLookup.libraryLookup(built.driver(), Arena.global());
    SymbolLookup.libraryLookup(built.cublas(), Arena.global());
    SymbolLookup.libraryLookup(built.nvml(), Arena.global());
    reset = function(driver, "emu_reset", FunctionDescriptor.ofVoid());
    set = function(driver, "emu_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    fail =
        function(
            driver, "emu_fail_nth", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    counter = function(driver, "emu_counter", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    MemoryLayout text = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(512, JAVA_BYTE));
    message = function(driver, "emu_message", FunctionDescriptor.of(text));
    addModule = function(driver, "emu_add_module", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    built.modules().forEach(this::add);
  }

  /**
   * The emulated driver, built if need be, with everything reset. Skips the test where there is no
   * compiler or JCuda does not run.
   */
  public static synchronized EmulatedCuda load() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(
        machine.equals("Linux amd64"),
        "the emulated CUDA driver needs JCuda, which runs on x86-64 Linux; this is " + machine);
    assumeTrue(compilerExists(), "the emulated CUDA driver needs g++ (Debian package: g++)");
    if (loaded == null) {
      try {
        loaded = new EmulatedCuda(EmulatorBuild.build(folder()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot build the emulated CUDA driver", e);
      }
    }
    loaded.reset();
    return loaded;
  }

  /** Kernels that show what the device language means; see {@code src/test/cuda}. */
  public static Ptx conformance() {
    try (InputStream in = Ptx.class.getResourceAsStream("conformance.ptx")) {
      if (in == null) {
        throw new IllegalStateException("conformance.ptx is missing from the test resources");
      }
      return Ptx.parse("conformance", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All settings, planned faults and counters as after loading; a lost device is back. */
  public void reset() {
    call(reset);
  }

  /** Sets the order of threads; the seed matters for {@link Order#RANDOM} only. */
  public void order(Order order, int seed) {
    set("order", order.number);
    set("seed", seed);
  }

  /** Sets when enqueued work runs. */
  public void mode(Mode mode) {
    set("mode", mode.number);
  }

  /** Sets the device's memory. */
  public void memoryBytes(long bytes) {
    set("memoryBytes", bytes);
  }

  /** Sets how many devices there are, 0 or 1. */
  public void devices(int count) {
    set("devices", count);
  }

  /** Sets the driver's version, such as 12060. */
  public void driverVersion(int version) {
    set("driverVersion", version);
  }

  /** Makes the nth call of a kind from now on fail, once; n from 1. */
  public void fail(Fault kind, int nth) {
    check((int) call(fail, kind.number, (long) nth, 0));
  }

  /** Makes the nth call of a kind fail and with it the device: every later call fails too. */
  public void loseDevice(Fault kind, int nth) {
    check((int) call(fail, kind.number, (long) nth, 1));
  }

  /** Reads a counter. */
  public long counter(Counter which) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) call(counter, arena.allocateFrom(which.name));
    }
  }

  /** Why the driver complained last, or an empty text. */
  public String message() {
    return ((MemorySegment) call(message)).getString(0);
  }

  private void set(String name, long value) {
    try (Arena arena = Arena.ofConfined()) {
      check((int) call(set, arena.allocateFrom(name), value));
    }
  }

  private void add(Path module) {
    try (Arena arena = Arena.ofConfined()) {
      check((int) call(addModule, arena.allocateFrom(module.toString())));
    }
  }

  private void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("emulated CUDA driver: " + message());
    }
  }

  /** The build folder of the module whose tests these are, or of the one that runs. */
  private static Path folder() {
    Path parent;
    try {
      URI code = EmulatedCuda.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      parent = Path.of(code).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    boolean inBuild = parent != null && parent.endsWith("target");
    return (inBuild ? parent : Path.of("target").toAbsolutePath()).resolve("cuda-emulator");
  }

  private static boolean compilerExists() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, "g++"))) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  private static @Nullable Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function cannot throw", e);
    }
  }
}
