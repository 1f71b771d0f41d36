package dev.thermocline.cli;

import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.quantize.QuantizationType;
import dev.thermocline.models.quantize.QuantizedTensor;
import dev.thermocline.models.quantize.Quantizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Writes a model in another format. */
@Command(
    name = "quantize",
    description = {
      "Writes a model in another format and shows the error of every tensor.",
      "Norms, biases, routers and matrices that have as few bits already stay as they are. The"
          + " best",
      "source is F32, F16 or BF16: quantizing what is quantized adds one error to the other."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A plain type is used for all matrices. The mixes Q4_K_S, Q4_K_M, Q5_K_S and Q5_K_M give"
          + " more",
      "bits to the output, to values and to some of the down projections, as llama.cpp's do.",
      "",
      "Examples:",
      "  thermocline quantize model-f16.gguf model-q4_k_m.gguf --type Q4_K_M",
      "  thermocline quantize default default-q6_k.gguf --type Q6_K --json"
    })
final class QuantizeCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A GGUF file, the first part of a split one, or \"default\".")
  private String in = "";

  @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "T",
      required = true,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private @Nullable QuantizationType type;

  @Option(
      names = "--threads",
      paramLabel = "K",
      description = "CPU workers; all processors if left out.")
  private int threads;

  @Option(names = "--force", description = "Replaces OUT if it exists.")
  private boolean force;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    Path source = ModelArgument.path(in);
    check(source);
    int workers = threads == 0 ? WorkerPool.defaultThreads() : threads;
    try (GgufFile file = GgufFile.open(source);
        WorkerPool pool = new WorkerPool(workers)) {
      Progress progress = new Progress(System.err, "quantizing", "MiB");
      long whole = file.tensors().stream().mapToLong(GgufTensorInfo::bytes).sum();
      long[] done = new long[1];
      QuantizationType wanted = Objects.requireNonNull(type);
      List<QuantizedTensor> tensors =
          new Quantizer(file, wanted, pool)
              .write(
                  out,
                  bytes -> {
                    done[0] += bytes;
                    progress.update(done[0] >> 20, whole >> 20);
                  });
      progress.done();
      if (asJson) {
        System.out.println(JsonMapper.builder().build().writeValueAsString(describe(tensors)));
      } else {
        print(tensors, System.out);
      }
      System.err.printf(
          Locale.ROOT,
          "thermocline: %s: %s, from %s%n",
          out,
          Bytes.format(Files.size(out)),
          Bytes.format(file.size()));
    }
    return 0;
  }

  private void check(Path source) throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    if (Files.exists(source) && Files.isSameFile(source, out)) {
      throw new IllegalArgumentException(out + ": expected another file than the source");
    }
    if (!force) {
      throw new IllegalArgumentException(out + " exists already; --force replaces it");
    }
  }

  private Map<String, Object> describe(List<QuantizedTensor> tensors) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("out", out.toString());
    all.put("type", String.valueOf(type));
    all.put("tensors", tensors.stream().map(QuantizeCommand::describe).toList());
    return all;
  }

  private static Map<String, Object> describe(QuantizedTensor tensor) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("name", tensor.source().name());
    one.put("rows", tensor.source().rows());
    one.put("cols", tensor.source().cols());
    one.put("from", tensor.source().typeName());
    one.put("to", tensor.type());
    one.put("bytes", tensor.bytes());
    one.put("rms_error", tensor.rmsError());
    one.put("relative_rms_error", tensor.loss().relativeRms());
    one.put("max_error", tensor.loss().maxError());
    return one;
  }

  private static void print(List<QuantizedTensor> tensors, PrintStream out) {
    out.printf(
        "%-34s %-14s %-6s %-6s %10s %10s %9s%n",
        "tensor", "shape", "from", "to", "size", "rms error", "relative");
    for (QuantizedTensor tensor : tensors) {
      GgufTensorInfo source = tensor.source();
      boolean copied = tensor.loss().elements() == 0;
      out.printf(
          Locale.ROOT,
          "%-34s %-14s %-6s %-6s %10s %10s %9s%n",
          source.name(),
          "[" + source.rows() + "][" + source.cols() + "]",
          source.typeName(),
          tensor.type(),
          Bytes.format(tensor.bytes()),
          copied ? "-" : String.format(Locale.ROOT, "%.3e", tensor.rmsError()),
          copied ? "-" : String.format(Locale.ROOT, "%.3f %%", 100 * tensor.loss().relativeRms()));
    }
  }
}
