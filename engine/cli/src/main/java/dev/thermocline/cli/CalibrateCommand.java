package dev.thermocline.cli;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.calibrate.CalibrationOptions;
import dev.thermocline.engine.calibrate.Calibrator;
import dev.thermocline.engine.calibrate.OwnText;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Writes an overlay. */
@Command(
    name = "calibrate",
    description =
        "Profiles a model, fits selectors, measures what they lose and writes the overlay beside"
            + " the model.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Without --text the model writes its own text, sampled at temperature 1.",
      "",
      "Examples:",
      "  thermocline calibrate",
      "  thermocline calibrate model.gguf --text book.txt --max-kl 0.01"
    })
final class CalibrateCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--text",
      paramLabel = "F",
      description = "Text to calibrate on; may be repeated.")
  private List<Path> texts = new ArrayList<>();

  @Option(
      names = "--held-out",
      paramLabel = "F",
      description = "Text to judge on; the last tenth of the other text if left out.")
  private @Nullable Path heldOut;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Most tokens to calibrate on (${DEFAULT-VALUE}).")
  private int tokens = 16384;

  @Option(
      names = "--held-out-tokens",
      paramLabel = "N",
      description = "Most tokens to judge on (${DEFAULT-VALUE}).")
  private int heldOutTokens = 2048;

  @Option(
      names = "--max-kl",
      paramLabel = "KL",
      description =
          "Largest mean KL divergence that the overlay may cost, in nats per token"
              + " (${DEFAULT-VALUE}).")
  private double maxKl = 0.02;

  @Option(names = "--ctx", paramLabel = "N", description = "Tokens of a chunk (${DEFAULT-VALUE}).")
  private int context = 256;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the own text and of training (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "K",
      description = "CPU workers; all processors if left out.")
  private int threads;

  @Option(names = "--out", paramLabel = "F", description = "The overlay; MODEL.thermo if left out.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    int workers = threads == 0 ? EngineOptions.defaults().threads() : threads;
    CalibrationOptions options =
        new CalibrationOptions(workers, tokens, heldOutTokens, context, maxKl, seed);
    try (Model opened = model.open()) {
      Steps steps = new Steps();
      int[] text = text(opened, workers, steps);
      int[] judged = heldOut == null ? null : encode(opened, heldOut);
      int cut = judged == null ? text.length - text.length / 10 : text.length;
      int[] fitted = Arrays.copyOf(text, cut);
      int[] rest = judged == null ? Arrays.copyOfRange(text, cut, text.length) : judged;
      Calibrator.Result result = new Calibrator(opened, options, steps::update).run(fitted, rest);
      steps.done();
      Path target = out == null ? OverlayStore.path(opened.path()) : out;
      OverlayStore.write(result.overlay(), target);
      print(result, target);
    }
    return 0;
  }

  private void print(Calibrator.Result result, Path target) {
    if (asJson) {
      System.out.println(JsonMapper.builder().build().writeValueAsString(result.report()));
    } else {
      System.out.print(result.report().render());
    }
    System.err.println("thermocline: " + target + " selects by " + result.chosen());
  }

  private int[] text(Model opened, int workers, Steps steps) throws Exception {
    if (!texts.isEmpty()) {
      IntStream all = IntStream.empty();
      for (Path file : texts) {
        all = IntStream.concat(all, Arrays.stream(encode(opened, file)));
      }
      return all.toArray();
    }
    EngineOptions options =
        EngineOptions.defaults().withThreads(workers).withDevice(DeviceMode.CPU);
    return OwnText.write(opened, options, tokens + heldOutTokens, context, seed, steps::update);
  }

  private static int[] encode(Model opened, Path file) throws IOException {
    return opened.tokenizer().encode(Files.readAllBytes(file), false, true);
  }

  /** A progress bar for every step. */
  private static final class Steps {
    private String step = "";
    private @Nullable Progress progress;

    void update(String name, long done, long all) {
      Progress current = progress;
      if (current == null || !name.equals(step)) {
        done();
        current = new Progress(System.err, name, name.equals("training") ? "layers" : "tokens");
        progress = current;
        step = name;
      }
      current.update(done, all);
    }

    void done() {
      if (progress != null) {
        progress.done();
      }
    }
  }
}
