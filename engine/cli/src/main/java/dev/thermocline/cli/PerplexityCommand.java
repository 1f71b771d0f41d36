package dev.thermocline.cli;

import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.text.Perplexity;
import dev.thermocline.models.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Perplexity of a text. */
@Command(
    name = "perplexity",
    description = "Perplexity of a text, in chunks of a context, the second half of each scored.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline perplexity --file book.txt --ctx 512",
      "  thermocline perplexity model.gguf --file book.txt --ctx 2048 --json"
    })
final class PerplexityCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();
  @Mixin private EngineFlags flags = new EngineFlags();

  @Option(names = "--file", required = true, paramLabel = "F", description = "The text.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    try (Model opened = model.open()) {
      int context =
          flags.options().context() == 0
              ? Math.min(512, opened.config().contextLength())
              : flags.options().context();
      int[] tokens = opened.tokenizer().encode(Files.readAllBytes(file), false, true);
      try (InferenceEngine engine =
          InferenceEngine.open(opened, flags.options().withContext(context))) {
        Progress progress = new Progress(System.err, "perplexity", "chunks");
        Perplexity result = Perplexity.measure(engine, tokens, context, progress::update);
        progress.done();
        print(result);
      }
    }
    return 0;
  }

  private void print(Perplexity result) {
    if (asJson) {
      System.out.println(JsonMapper.builder().build().writeValueAsString(result));
    } else {
      System.out.printf(
          Locale.ROOT,
          "perplexity %.4f +/- %.4f over %d chunks of %d tokens%n",
          result.perplexity(),
          result.standardError(),
          result.chunks(),
          result.context());
    }
  }
}
