package dev.thermocline.cli;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufTensorInfo;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What a file holds. */
@Command(
    name = "inspect",
    description = "Shows the metadata and tensors of a model or an overlay.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(names = "--tensors", description = "Lists every tensor instead of sums by type.")
  private boolean listTensors;

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

  private static Map<String, Object> describe(Path path, GgufFile file) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", path.toString());
    all.put("bytes", file.size());
    all.put("magic", file.magic());
    all.put("version", file.version());
    Map<String, String> metadata = new LinkedHashMap<>();
    file.metadata().keys().forEach(key -> metadata.put(key, file.metadata().describe(key)));
    all.put("metadata", metadata);
    all.put("tensors", file.tensors().stream().map(InspectCommand::describe).toList());
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

  private void print(Path path, GgufFile file, PrintStream out) {
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
