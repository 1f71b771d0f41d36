package dev.thermocline.kernels.cuda;

import static jcuda.nvrtc.JNvrtc.nvrtcCompileProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcCreateProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcDestroyProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcGetErrorString;
import static jcuda.nvrtc.JNvrtc.nvrtcGetPTX;
import static jcuda.nvrtc.JNvrtc.nvrtcGetProgramLog;
import static jcuda.nvrtc.JNvrtc.nvrtcVersion;
import static jcuda.nvrtc.JNvrtc.setExceptionsEnabled;
import static jcuda.nvrtc.nvrtcResult.NVRTC_SUCCESS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvrtc.nvrtcProgram;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the kernels for the very device that is there, by NVIDIA's run-time compiler through
 * JCuda. Optional: the PTX that ships runs everywhere. Needs no driver, and what it writes needs
 * one at least as new as itself.
 */
public final class NvrtcCompiler {

  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([\\w.]+)\"");

  private NvrtcCompiler() {}

  /** The compiler, or empty where NVRTC 12 is not installed. */
  public static Optional<NvrtcCompiler> open() {
    if (CudaLibraries.load(CudaLibraries.Library.NVRTC).isEmpty()) {
      return Optional.empty();
    }
    JCudaNatives.load("JNvrtc", () -> setExceptionsEnabled(false));
    return Optional.of(new NvrtcCompiler());
  }

  /** Version of the compiler, such as 12.9. */
  public String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    check("nvrtcVersion", nvrtcVersion(major, minor), "");
    return major[0] + "." + minor[0];
  }

  /**
   * Compiles a family of kernels of this module.
   *
   * @param family name of the {@code .cu} file
   * @param computeCapability such as 89
   * @throws CudaException with the compiler's log
   */
  public Ptx compile(String family, int computeCapability) {
    return compile(family, source(family + ".cu"), computeCapability);
  }

  /** Compiles a source that may include the headers of this module's kernels. */
  public Ptx compile(String name, String source, int computeCapability) {
    Map<String, String> headers = new LinkedHashMap<>();
    collectHeaders(source, headers);
    nvrtcProgram program = new nvrtcProgram();
    int status =
        nvrtcCreateProgram(
            program,
            source,
            name + ".cu",
            headers.size(),
            headers.values().toArray(String[]::new),
            headers.keySet().toArray(String[]::new));
    check("nvrtcCreateProgram of " + name, status, "");
    try {
      return compile(name, program, computeCapability);
    } finally {
      nvrtcDestroyProgram(program);
    }
  }

  private static Ptx compile(String name, nvrtcProgram program, int computeCapability) {
    // As the shipped PTX: results must not depend on which products a compiler fuses.
    String[] options = {
      "--gpu-architecture=compute_" + computeCapability, "--std=c++17", "--fmad=false"
    };
    int status = nvrtcCompileProgram(program, options.length, options);
    @Nullable String[] text = new @Nullable String[1];
    nvrtcGetProgramLog(program, text);
    check("compilation of " + name, status, String.valueOf(text[0]));
    check("nvrtcGetPTX", nvrtcGetPTX(program, text), "");
    return Ptx.parse(name, String.valueOf(text[0]).replace("\0", ""));
  }

  private static void collectHeaders(String source, Map<String, String> headers) {
    Matcher includes = INCLUDE.matcher(source);
    while (includes.find()) {
      String name = includes.group(1);
      if (!headers.containsKey(name)) {
        String text = source(name);
        headers.put(name, text);
        collectHeaders(text, headers);
      }
    }
  }

  private static String source(String file) {
    try (InputStream in = NvrtcCompiler.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no CUDA source " + file + " in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static void check(String call, int status, String log) {
    if (status != NVRTC_SUCCESS) {
      String separator = log.isBlank() ? "" : "\n" + log.strip();
      throw new CudaException(call, nvrtcGetErrorString(status) + separator);
    }
  }
}
