package dev.thermocline.cli;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.run.Bandwidth;
import dev.thermocline.engine.run.Benchmark;
import dev.thermocline.engine.synthetic.SyntheticModel;
import dev.thermocline.engine.synthetic.SyntheticShape;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures speed. */
@Command(
    name = "bench",
    description =
        "Measures tokens per second of prompt and generation, and what was read for them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline bench",
      "  thermocline bench --synthetic 1b-reglu --type q4_0 --density 0.1 --compare",
      "  thermocline bench --synthetic 1b-llama --streams 1,2,4,8,16"
    })
final class BenchCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();
  @Mixin private EngineFlags flags = new EngineFlags();

  @Option(names = "-p", paramLabel = "P", description = "Tokens of the prompt (${DEFAULT-VALUE}).")
  private int prompt = 64;

  @Option(names = "-n", paramLabel = "N", description = "Tokens to generate (${DEFAULT-VALUE}).")
  private int tokens = 64;

  @Option(
      names = "-r",
      paramLabel = "R",
      description = "Rounds, after one to warm up (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "N",
      description = "Texts generated at a time; several numbers are measured in turn (1).")
  private List<Integer> streams = List.of(1);

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE",
      description = "Generates weights: 1b-llama, 1b-reglu, tiny-llama or tiny-reglu.")
  private @Nullable String synthetic;

  @Option(
      names = "--type",
      paramLabel = "T",
      description = "Format of generated weights (${DEFAULT-VALUE}).")
  private String type = "q4_0";

  @Option(
      names = "--density",
      paramLabel = "D",
      description = "Mean share of active neurons of generated weights (${DEFAULT-VALUE}).")
  private double density = 0.1;

  @Option(
      names = "--keep",
      paramLabel = "F",
      description = "Writes the generated model here and keeps it.")
  private @Nullable Path keep;

  @Option(
      names = "--compare",
      description = "Measures dense and exact-sparse side by side, rounds taking turns.")
  private boolean compare;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, md or json (${DEFAULT-VALUE}).")
  private BenchReport.Style style = BenchReport.Style.TABLE;

  @Override
  public Integer call() throws Exception {
    if (synthetic == null) {
      try (Model opened = model.open()) {
        measure(opened);
      }
      return 0;
    }
    Path file = keep != null ? keep : Files.createTempFile("thermocline-synthetic", ".gguf");
    try {
      if (keep == null || !Files.exists(file)) {
        System.err.println("thermocline: writing " + synthetic + " " + type + " to " + file);
        SyntheticModel.write(SyntheticShape.of(synthetic), format(), density, file);
      }
      try (Model opened = Model.open(file)) {
        measure(opened);
      }
    } finally {
      if (keep == null) {
        Files.deleteIfExists(file);
      }
    }
    return 0;
  }

  private EncodableFormat format() {
    return TensorFormats.encodable().stream()
        .filter(f -> f.toString().equalsIgnoreCase(type))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "type: expected one of " + TensorFormats.encodable() + ", got " + type));
  }

  private void measure(Model opened) throws IOException, InterruptedException {
    EngineOptions options = flags.options();
    int context = Math.max(options.context(), prompt + tokens + 1);
    EngineOptions own = options.withContext(context).withSequences(Collections.max(streams));
    List<EngineOptions> variants = new ArrayList<>(List.of(own));
    if (compare) {
      variants.addFirst(own.withSparse(SparseMode.OFF));
    }
    double bandwidth;
    try (WorkerPool pool = new WorkerPool(options.threads())) {
      bandwidth = Bandwidth.measure(pool);
    }
    List<InferenceEngine> engines = new ArrayList<>();
    try {
      List<BenchRow> rows = new ArrayList<>();
      for (EngineOptions variant : variants) {
        InferenceEngine engine = InferenceEngine.open(opened, variant);
        engines.add(engine);
        for (int count : streams) {
          rows.add(new BenchRow(variant, new Benchmark(engine, count, prompt, tokens)));
        }
      }
      run(rows);
      BenchReport.print(style, opened, rows, bandwidth, System.out);
    } finally {
      engines.forEach(InferenceEngine::close);
    }
  }

  private void run(List<BenchRow> rows) throws InterruptedException {
    Progress progress = new Progress(System.err, "bench", "rounds");
    for (int round = 0; round <= rounds; round++) {
      for (BenchRow row : rows) {
        row.result().round(round > 0);
      }
      progress.update(round + 1, rounds + 1);
    }
    progress.done();
  }

  static String lower(Object value) {
    return value.toString().toLowerCase(Locale.ROOT);
  }
}
