package dev.thermocline.kernels.cuda.emulator;

import dev.thermocline.kernels.cuda.Ptx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compiles the emulated driver, the stand-ins for cuBLAS and NVML and the host builds of the
 * kernels with {@code g++}. Every file is named by a hash of all that went into it, so that it is
 * built once and again only when that changes. Processes that build at the same time wait for each
 * other.
 */
final class EmulatorBuild {

  private static final String SOURCES = "native/cuda-emulator/";
  private static final List<String> DRIVER =
      List.of(
          "context.cpp",
          "fibers.cpp",
          "launch.cpp",
          "memory.cpp",
          "copies.cpp",
          "streams.cpp",
          "ptx.cpp",
          "modules.cpp",
          "device.cpp",
          "settings.cpp");

  private final Path folder;
  private final Path work;
  private final String compiler;

  private EmulatorBuild(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.work = Files.createTempDirectory(folder, "build-");
    this.compiler = run(List.of("g++", "--version"), folder) + processor();
  }

  /**
   * What was built.
   *
   * @param driver the emulated {@code libcuda.so.1}
   * @param cublas the stand-in {@code libcublas.so.12}
   * @param nvml the stand-in {@code libnvidia-ml.so.1}
   * @param modules host builds of kernels
   */
  record Result(Path driver, Path cublas, Path nvml, List<Path> modules) {
    Result {
      modules = List.copyOf(modules);
    }
  }

  /** Builds what is missing in {@code folder}. */
  static Result build(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path lock = folder.resolve("lock");
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until the channel is closed
      EmulatorBuild build = new EmulatorBuild(folder);
      try {
        return build.all();
      } finally {
        build.cleanUp();
      }
    }
  }

  private Result all() throws IOException {
    SourceFolder.copy(EmulatorBuild.class, SOURCES + "driver.h", work);
    SourceFolder.copy(Ptx.class, "common.cuh", work);
    SourceFolder.copy(EmulatorBuild.class, "kernels/conformance.cu", work);
    Path driver = library("driver", "libcuda.so.1", this::buildDriver);
    Path cublas = library("cublas", "libcublas.so.12", out -> buildCublas(out, driver));
    Path nvml = library("nvml", "libnvidia-ml.so.1", this::buildNvml);
    List<Path> sources;
    try (var files = Files.list(work)) {
      sources = files.filter(f -> f.toString().endsWith(".cu")).sorted().toList();
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(processors())) {
      List<Future<Path>> modules = new ArrayList<>();
      for (Path source : sources) {
        modules.add(pool.submit(() -> module(source, driver)));
      }
      List<Path> built = new ArrayList<>();
      for (Future<Path> module : modules) {
        built.add(await(module));
      }
      return new Result(driver, cublas, nvml, built);
    }
  }

  private static Path await(Future<Path> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while compiling", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e);
    }
  }

  /** A step that writes one library. */
  private interface Step {
    void run(Path out) throws IOException;
  }

  private Path library(String name, String file, Step step) throws IOException {
    Path target = folder.resolve(name + "-" + hash(name)).resolve(file);
    if (!Files.exists(target)) {
      Path part = work.resolve(name + ".part");
      step.run(part);
      Files.createDirectories(target.getParent());
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return target;
  }

  private void buildDriver(Path out) throws IOException {
    StringBuilder unity = new StringBuilder();
    DRIVER.forEach(file -> unity.append("#include \"").append(file).append("\"\n"));
    Files.writeString(work.resolve("driver.cpp"), unity);
    compile(
        out,
        "-O2",
        "-Wl,-soname,libcuda.so.1",
        "-DLIST=\"driver_imports.inc\"",
        "-DERROR=801",
        "driver.cpp",
        "stubs.cpp",
        "-ldl",
        "-lpthread");
  }

  private void buildCublas(Path out, Path driver) throws IOException {
    compile(
        out,
        "-O2",
        "-Wl,-soname,libcublas.so.12",
        "-Wl,--version-script=cublas.map",
        "-DLIST=\"cublas_imports.inc\"",
        "-DERROR=15",
        "cublas.cpp",
        "stubs.cpp",
        driver.toString());
  }

  private void buildNvml(Path out) throws IOException {
    compile(out, "-O2", "-Wl,-soname,libnvidia-ml.so.1", "nvml.cpp");
  }

  private Path module(Path source, Path driver) throws IOException {
    String family = source.getFileName().toString().replace(".cu", "");
    return library(family, family + ".so", out -> buildModule(out, family, driver));
  }

  private void buildModule(Path out, String family, Path driver) throws IOException {
    StringBuilder host = new StringBuilder("#include \"" + family + ".cu\"\nEMU_MODULE(");
    String separator = "";
    for (String kernel : new TreeMap<>(ptx(family).kernels()).keySet()) {
      host.append(separator).append("emu::kernel(\"%s\", &%s)".formatted(kernel, kernel));
      separator = ",\n";
    }
    Path unit = work.resolve(family + ".host.cpp");
    Files.writeString(unit, host.append(")\n"));
    compile(
        out,
        "-O2",
        // As nvcc without contraction; the product fused where the source says fmaf.
        "-march=native",
        "-ffp-contract=off",
        "-fno-strict-aliasing",
        "-Wno-unknown-pragmas",
        "-DEMU",
        "-include",
        "device_language.h",
        unit.toString(),
        driver.toString());
  }

  private static Ptx ptx(String family) {
    return family.equals("conformance") ? EmulatedCuda.conformance() : Ptx.resource(family);
  }

  private void compile(Path out, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("g++", "-std=c++17", "-shared", "-fPIC", "-fvisibility=hidden", "-I."));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-o", out.toString()));
    run(command, work);
  }

  /** Of everything that may go into a library: for kernels their own file and all headers. */
  private String hash(String name) throws IOException {
    MessageDigest digest = sha256();
    digest.update(compiler.getBytes(StandardCharsets.UTF_8));
    boolean library = Set.of("driver", "cublas", "nvml").contains(name);
    for (Map.Entry<String, Path> file : files().entrySet()) {
      String at = file.getKey();
      boolean header = at.endsWith(".h") || at.endsWith(".cuh");
      boolean part =
          library ? !at.endsWith(".cu") && !at.endsWith(".cuh") : at.equals(name + ".cu");
      if (part || (!library && header)) {
        digest.update(at.getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file.getValue()));
      }
    }
    if (!library) {
      digest.update(ptx(name).text().getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** The sources as they were copied, without what the build wrote beside them. */
  private SortedMap<String, Path> files() throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    try (var all = Files.list(work)) {
      all.filter(f -> f.toString().matches(".*\\.(cu|cuh|h|inc|map)|.*[a-z]\\.cpp"))
          .filter(f -> !f.toString().endsWith(".host.cpp") && !f.endsWith("driver.cpp"))
          .forEach(f -> files.put(f.getFileName().toString(), f));
    }
    return files;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Kernels are compiled for the processor they run on. */
  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    try (var lines = Files.lines(info)) {
      return lines
          .filter(l -> l.startsWith("flags") || l.startsWith("Features"))
          .findFirst()
          .orElse("");
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private void cleanUp() throws IOException {
    try (var files = Files.list(work)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(work);
  }

  private static String run(List<String> command, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed:\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while compiling", e);
    }
    return output;
  }
}
