package dev.thermocline.cli;

import dev.thermocline.engine.run.Bandwidth;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.cuda.CudaDriver;
import dev.thermocline.kernels.cuda.CudaLibraries;
import dev.thermocline.kernels.cuda.CudaProbe;
import dev.thermocline.kernels.cuda.CudaStatus;
import dev.thermocline.kernels.cuda.Nvml;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What this machine offers. */
@Command(
    name = "doctor",
    description = "Checks what this machine offers: Java, processor, memory, GPU.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  thermocline doctor", "  thermocline doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    Map<String, String> facts = facts();
    if (asJson) {
      System.out.println(JsonMapper.builder().build().writeValueAsString(facts));
    } else {
      facts.forEach((name, value) -> System.out.printf("%-18s %s%n", name, value));
    }
    return 0;
  }

  private static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("java", Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("processor", processor());
    int threads = WorkerPool.defaultThreads();
    facts.put("threads", String.valueOf(threads));
    try (WorkerPool pool = new WorkerPool(threads);
        WorkerPool one = new WorkerPool(1);
        Kernels kernels = Kernels.vector(pool)) {
      facts.put("cpu kernels", kernels.name());
      facts.put(
          "read bandwidth",
          String.format(
              Locale.ROOT,
              "%.1f GB/s with one thread, %.1f GB/s with %d",
              Bandwidth.measure(one),
              Bandwidth.measure(pool),
              threads));
    }
    gpu(facts);
    libraries(facts);
    return facts;
  }

  private static void gpu(Map<String, String> facts) {
    CudaStatus status = CudaProbe.probe();
    if (!status.ready()) {
      facts.put("gpu", "none used: " + status.reason());
      return;
    }
    try (CudaDriver driver = CudaDriver.open()) {
      facts.put("gpu", driver.device().toString());
      facts.put("gpu memory", Bytes.format(driver.freeBytes()) + " free");
    }
  }

  /** NVIDIA's own tools: present or not, nothing depends on them. */
  private static void libraries(Map<String, String> facts) {
    facts.put("cublas", found(CudaLibraries.Library.CUBLAS, "prompts use our own kernels"));
    facts.put("nvrtc", found(CudaLibraries.Library.NVRTC, "the driver compiles the kernels"));
    facts.put("nvml", found(CudaLibraries.Library.NVML, "no clocks"));
    Nvml.read()
        .ifPresent(reading ->
            facts.put(
                "gpu state",
                String.format(
                    Locale.ROOT,
                    "driver %s, %s of %s free, clocks %d MHz, memory %d MHz",
                    reading.driver(),
                    Bytes.format(reading.freeBytes()),
                    Bytes.format(reading.totalBytes()),
                    reading.smClockMhz(),
                    reading.memoryClockMhz())));
  }

  private static String found(CudaLibraries.Library library, String otherwise) {
    return CudaLibraries.load(library)
        .map(where -> "from " + where)
        .orElse("not found: " + otherwise);
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
