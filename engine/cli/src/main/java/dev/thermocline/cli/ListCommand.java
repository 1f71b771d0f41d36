package dev.thermocline.cli;

import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.StoreSettings;
import dev.thermocline.models.store.StoredModel;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Which models are here. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists the models on this machine, those that other tools fetched too.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  thermocline list", "  thermocline ls --json"})
final class ListCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    List<StoredModel> models = new ModelStore(StoreSettings.ofEnvironment()).list();
    if (asJson) {
      Object all = Map.of("models", models.stream().map(ListCommand::describe).toList());
      System.out.println(JsonMapper.builder().build().writeValueAsString(all));
    } else if (models.isEmpty()) {
      System.err.println("no models yet; thermocline pull hf:owner/repo gets one");
    } else {
      print(models, System.out);
    }
    return 0;
  }

  /** A model for programs. */
  static Map<String, Object> describe(StoredModel model) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("name", model.name());
    one.put("bytes", model.bytes());
    one.put("quantization", model.quantization());
    one.put("path", model.path().toString());
    one.put("files", model.paths().size());
    one.put("repository", model.repo().toString());
    one.put("revision", model.revision());
    one.put("modified", model.modified().toString());
    return one;
  }

  private static void print(List<StoredModel> models, PrintStream out) {
    int width = models.stream().mapToInt(m -> m.name().length()).max().orElse(4);
    String format = "%-" + Math.max(width, 4) + "s  %9s  %-8s  %-16s  %s%n";
    out.printf(Locale.ROOT, format, "NAME", "SIZE", "QUANT", "WHEN", "PATH");
    for (StoredModel model : models) {
      out.printf(
          Locale.ROOT,
          format,
          model.name(),
          Bytes.format(model.bytes()),
          Objects.requireNonNullElse(model.quantization(), "-"),
          TIME.format(model.modified()),
          model.path());
    }
  }
}
