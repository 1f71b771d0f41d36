package dev.thermocline.cli;

import dev.thermocline.cli.inspect.LayerPicture;
import dev.thermocline.cli.inspect.MemoryFacts;
import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.run.HostMemory;
import dev.thermocline.engine.run.MemoryEstimate;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What a file holds. */
@Command(
    name = "inspect",
    description = "Shows a model: metadata, tensors, layers, and the memory that it would take.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline inspect",
      "  thermocline inspect model.gguf --ctx 32768 --cache-type f16     (what memory would that"
          + " take?)",
      "  thermocline inspect model.gguf --tensors",
      "  thermocline inspect model.gguf.thermo"
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(names = "--tensors", description = "Lists every tensor instead of sums by type.")
  private boolean listTensors;

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Tokens of context to estimate memory for; the model's own, up to 4096.")
  private int context;

  @Option(
      names = {"--cache-type", "--kv"},
      paramLabel = "TYPE",
      description =
          "Type of the key-value cache to estimate for: f32, f16 or q8_0 (${DEFAULT-VALUE}).")
  private KvFormat cacheType = KvFormat.F32;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    Path path = model.path();
    try (GgufFile file = GgufFile.open(path)) {
      if (asJson) {
        System.out.println(JsonMapper.builder().build().writeValueAsString(describe(path, file)));
      } else {
        print(path, file, System.out);
      }
    }
    return 0;
  }

  /** The model in the file; an overlay is none, and other files may hold architectures unknown. */
  private static Optional<Model> model(Path path, GgufFile file) throws IOException {
    if (!file.metadata().contains("general.architecture")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Model.open(path));
    } catch (UnsupportedModelException | GgufFormatException e) {
      System.err.println("thermocline: no estimate of memory: " + e.getMessage());
      return Optional.empty();
    }
  }

  private MemoryFacts memory(Model opened, GgufFile file) {
    EngineOptions options =
        EngineOptions.defaults()
            .withContext(context)
            .withCache(CacheOptions.DEFAULT.withFormat(cacheType));
    int tokens = EngineRunner.context(opened, options);
    return new MemoryFacts(
        MemoryEstimate.of(opened, options),
        HostMemory.read(),
        file.residentBytes(),
        tokens,
        cacheType.name());
  }

  private Map<String, Object> describe(Path path, GgufFile file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", path.toString());
    all.put("bytes", file.size());
    all.put("magic", file.magic());
    all.put("version", file.version());
    Map<String, String> metadata = new LinkedHashMap<>();
    file.metadata().keys().forEach(key -> metadata.put(key, file.metadata().describe(key)));
    all.put("metadata", metadata);
    all.put("tensors", file.tensors().stream().map(InspectCommand::describe).toList());
    Optional<Model> opened = model(path, file);
    if (opened.isPresent()) {
      try (Model one = opened.get()) {
        all.put("memory", memory(one, file).json());
      }
    }
    return all;
  }

  private static Map<String, Object> describe(GgufTensorInfo tensor) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("name", tensor.name());
    one.put("type", tensor.typeName());
    one.put("rows", tensor.rows());
    one.put("cols", tensor.cols());
    one.put("bytes", tensor.bytes());
    return one;
  }

  private void print(Path path, GgufFile file, PrintStream out) throws IOException {
    out.printf("%s: %s v%d, %s%n%n", path, file.magic(), file.version(), Bytes.format(file.size()));
    for (String key : file.metadata().keys()) {
      out.printf("  %-44s %s%n", key, file.metadata().describe(key));
    }
    out.println();
    if (listTensors) {
      for (GgufTensorInfo tensor : file.tensors()) {
        out.printf(
            Locale.ROOT,
            "  %-36s %-6s [%d][%d] %s%n",
            tensor.name(),
            tensor.typeName(),
            tensor.rows(),
            tensor.cols(),
            Bytes.format(tensor.bytes()));
      }
    } else {
      printSums(file, out);
    }
    Optional<Model> opened = model(path, file);
    if (opened.isPresent()) {
      try (Model one = opened.get()) {
        out.println();
        new LayerPicture(one).print(out);
        out.println();
        memory(one, file).print(out);
      }
    }
  }

  private static void printSums(GgufFile file, PrintStream out) {
    Map<String, long[]> byType = new TreeMap<>();
    for (GgufTensorInfo tensor : file.tensors()) {
      long[] sum = byType.computeIfAbsent(tensor.typeName(), t -> new long[3]);
      sum[0]++;
      sum[1] += tensor.elements();
      sum[2] += tensor.bytes();
    }
    byType.forEach((type, sum) ->
        out.printf(
            Locale.ROOT,
            "  %-6s %4d tensors, %d elements, %s%n",
            type,
            sum[0],
            sum[1],
            Bytes.format(sum[2])));
  }
}
