package dev.thermocline.bench;

import dev.thermocline.engine.run.Bandwidth;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sets JMH results, medians of all iterations, beside the machine's read bandwidth, as a Markdown
 * table: an operation that comes near it is bound by memory, and the rest is left to its
 * arithmetic. Weights that stay in the cache can come above it.
 */
public final class Roofline {
  /** Results whose time says nothing, as the device may be emulated. */
  private static final String CORRECTNESS = "correctnessOnly";

  private final ToDoubleFunction<String> bandwidth;

  /**
   * Compares with given bandwidths.
   *
   * @param bandwidth GB (10^9 bytes) read per second, for a value of the parameter {@code threads}
   */
  public Roofline(ToDoubleFunction<String> bandwidth) {
    this.bandwidth = bandwidth;
  }

  /** Prints the table of a result file; measures the bandwidth of this machine, at rest. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("roofline: expected one JMH result file (JSON), got " + args.length);
      System.exit(2);
    }
    Map<String, Double> measured = new HashMap<>();
    Roofline roofline =
        new Roofline(threads -> measured.computeIfAbsent(threads, Roofline::measure));
    System.out.print(roofline.table(JsonMapper.shared().readTree(Path.of(args[0]))));
  }

  private static double measure(String threads) {
    try (WorkerPool pool = new WorkerPool(Threads.count(threads))) {
      return Bandwidth.measure(pool);
    }
  }

  /** The table of a JMH result, one line per measurement. */
  public String table(JsonNode results) {
    StringBuilder table = new StringBuilder();
    table.append("| benchmark | parameters | score | GB/s | GB/s of the machine | share |\n");
    table.append("|---|---|---:|---:|---:|---:|\n");
    for (JsonNode result : results) {
      table
          .append("| ")
          .append(shortName(result.path("benchmark").asString()))
          .append(" | ")
          .append(parameters(result.path("params")))
          .append(" | ")
          .append(figures(result))
          .append(" |\n");
    }
    return table.toString();
  }

  private String figures(JsonNode result) {
    if (result.path("benchmark").asString().endsWith("." + CORRECTNESS)) {
      return "correct | | | ";
    }
    JsonNode score = result.path("primaryMetric");
    String operations =
        String.format(Locale.ROOT, "%.4g %s", median(score), score.path("scoreUnit").asString());
    JsonNode bytes = result.path("secondaryMetrics").path("bytes");
    if (bytes.isMissingNode()) {
      return operations + " | | | ";
    }
    double rate = median(bytes) / 1e9;
    double limit = bandwidth.applyAsDouble(result.path("params").path("threads").asString());
    return String.format(
        Locale.ROOT, "%s | %.2f | %.2f | %.0f %%", operations, rate, limit, 100 * rate / limit);
  }

  private static double median(JsonNode metric) {
    return metric.path("scorePercentiles").path("50.0").asDouble();
  }

  /** Class and method, without the package and the word that all classes end with. */
  private static String shortName(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    int type = benchmark.lastIndexOf('.', method - 1);
    return benchmark.substring(type + 1).replace("Benchmark.", ".");
  }

  private static String parameters(JsonNode params) {
    StringJoiner joined = new StringJoiner(", ");
    for (Map.Entry<String, JsonNode> parameter : params.properties()) {
      joined.add(parameter.getKey() + " " + parameter.getValue().asString());
    }
    return joined.toString();
  }
}
