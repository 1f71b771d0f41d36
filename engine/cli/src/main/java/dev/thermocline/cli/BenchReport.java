package dev.thermocline.cli;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.run.Benchmark;
import dev.thermocline.models.Model;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The result of a benchmark in three styles. */
final class BenchReport {
  private static final List<String> COLUMNS =
      List.of(
          "sparse",
          "device",
          "threads",
          "streams",
          "prompt t/s",
          "decode t/s",
          "spread",
          "MB/token",
          "GB/s",
          "of read bw",
          "active");

  private BenchReport() {}

  /** How it is printed. */
  enum Style {
    TABLE,
    MD,
    JSON
  }

  static void print(
      Style style, Model model, List<BenchRow> rows, double bandwidth, PrintStream out) {
    if (style == Style.JSON) {
      out.println(JsonMapper.builder().build().writeValueAsString(json(model, rows, bandwidth)));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%s, read bandwidth %.1f GB/s%n%n",
        model.gguf().metadata().string("general.name", "model"),
        bandwidth);
    String row = style == Style.MD ? "| %s |%n" : "%s%n";
    String between = style == Style.MD ? " | " : "  ";
    out.printf(row, String.join(between, COLUMNS.stream().map(BenchReport::pad).toList()));
    if (style == Style.MD) {
      out.println("|" + "---|".repeat(COLUMNS.size()));
    }
    for (BenchRow measured : rows) {
      List<String> cells = cells(measured.options(), measured.result(), bandwidth);
      out.printf(row, String.join(between, cells.stream().map(BenchReport::pad).toList()));
    }
  }

  private static String pad(String cell) {
    return String.format(Locale.ROOT, "%10s", cell);
  }

  private static List<String> cells(EngineOptions options, Benchmark result, double bandwidth) {
    double rate = result.decodeRate();
    double gigabytes = rate * result.bytesPerToken() / 1e9;
    // What texts at a time read together is not counted.
    boolean alone = result.streams() == 1;
    return List.of(
        BenchCommand.lower(options.sparse()),
        BenchCommand.lower(options.device()),
        String.valueOf(options.threads()),
        String.valueOf(result.streams()),
        number("%.1f", result.promptRate()),
        number("%.2f", rate),
        number("%.0f %%", 100 * result.decodeSpread()),
        number("%.1f", result.bytesPerToken() / 1e6),
        alone ? number("%.1f", gigabytes) : "-",
        alone ? number("%.0f %%", 100 * gigabytes / bandwidth) : "-",
        number("%.1f %%", 100 * result.activeShare()));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static Map<String, Object> json(Model model, List<BenchRow> measured, double bandwidth) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (BenchRow one : measured) {
      Benchmark result = one.result();
      EngineOptions options = one.options();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("sparse", BenchCommand.lower(options.sparse()));
      row.put("device", BenchCommand.lower(options.device()));
      row.put("threads", options.threads());
      row.put("streams", result.streams());
      row.put("prompt_tokens_per_second", result.promptRate());
      row.put("decode_tokens_per_second", result.decodeRate());
      row.put("decode_spread", result.decodeSpread());
      row.put("bytes_per_token", result.bytesPerToken());
      row.put("active_share", result.activeShare());
      rows.add(row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model", model.gguf().metadata().string("general.name", "model"));
    all.put("read_bandwidth_gb_per_second", bandwidth);
    all.put("results", rows);
    return all;
  }
}
