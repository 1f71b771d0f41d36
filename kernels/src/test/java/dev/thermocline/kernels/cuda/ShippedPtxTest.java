package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PTX that is committed: it belongs to its sources, and devices can be given it. */
class ShippedPtxTest {

  private static final Path RESOURCES = Path.of("src/main/resources/dev/thermocline/kernels/cuda");
  private static final Path TEST_RESOURCES =
      Path.of("src/test/resources/dev/thermocline/kernels/cuda");

  @TempDir Path temporary;

  private static Map<String, String> ptx(Path... folders) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".ptx")).toList()) {
          texts.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return texts;
  }

  @Test
  void everySourceHasItsPtx() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/cuda"))) {
      for (Path source : files.filter(f -> f.toString().endsWith(".cu")).toList()) {
        String family = source.getFileName().toString().replace(".cu", "");
        assertFalse(Ptx.resource(family).kernels().isEmpty(), family);
      }
    }
  }

  /** The text depends on the compiler, so another release than that of the commit cannot tell. */
  @Test
  void isWhatTheSourcesCompileTo() throws Exception {
    String release = run("nvcc", "--version");
    assumeTrue(release.contains("release 13.0"), "nvcc 13.0 is not installed");
    run("sh", "build-ptx.sh", temporary.toString());
    assertEquals(ptx(temporary), ptx(RESOURCES, TEST_RESOURCES), "run kernels/build-ptx.sh");
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 89, 90})
  void assembles(int computeCapability) throws IOException {
    JCudaNatives.load("JNvPTXCompiler", () -> JNvPTXCompiler.setExceptionsEnabled(false));
    String all =
        ptx(RESOURCES, TEST_RESOURCES).entrySet().stream()
            .map(file -> assemble(file.getKey(), file.getValue(), computeCapability))
            .reduce("", String::concat);
    assertEquals("", all);
  }

  /** Empty, or what the assembler said. */
  private static String assemble(String name, String text, int computeCapability) {
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length() + 1);
    JNvPTXCompiler.nvPTXCompilerCreate(compiler, bytes.length, bytes);
    String[] options = {"--gpu-name=sm_" + computeCapability, "--opt-level=0"};
    int status = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
    long[] size = new long[1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
    byte[] log = new byte[(int) size[0] + 1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
    JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    return status == nvPTXCompileResult.NVPTXCOMPILE_SUCCESS
        ? ""
        : name + ": " + new String(log, StandardCharsets.UTF_8).strip() + "\n";
  }

  private static String run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), () -> Arrays.toString(command) + ": " + output);
      return output;
    } catch (IOException e) {
      return "not installed";
    }
  }
}
