package dev.thermocline.cli;

import dev.thermocline.models.store.ModelReference;
import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.PullListener;
import dev.thermocline.models.store.StoreSettings;
import dev.thermocline.models.store.StoredModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets a model. */
@Command(
    name = "pull",
    description = "Gets a model from the Hugging Face Hub or from a link; prints where it lies.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Goes on where an earlier pull stopped. Models are kept in the cache that other tools use"
          + " too.",
      "Without a file or quantization: Q4_K_M, else Q8_0, else the only model.",
      "",
      "Environment: HF_TOKEN for private and gated models, HF_ENDPOINT for another hub,",
      "  HF_HOME or HF_HUB_CACHE for another cache, HF_HUB_OFFLINE=1 for no network,",
      "  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY as curl has them.",
      "",
      "Examples:",
      "  thermocline pull hf:owner/repo",
      "  thermocline pull hf:owner/repo:Q8_0",
      "  thermocline pull hf:owner/repo:folder/model-00001-of-00003.gguf",
      "  thermocline pull https://huggingface.co/owner/repo/blob/main/model.gguf",
      "  thermocline pull https://example.com/model.gguf"
    })
final class PullCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "hf:owner/repo[@revision][:file or quantization], a link to huggingface.co, or a link to"
              + " a .gguf file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(names = "--json", description = "Prints events, a JSON object a line.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    ModelStore store = new ModelStore(StoreSettings.ofEnvironment());
    ModelReference reference = ModelReference.parse(model, store.settings().endpoint());
    PullEvents events = new PullEvents(System.out);
    PullListener listener = asJson ? events : new DownloadProgress(System.err);
    StoredModel stored = store.pull(reference, listener);
    if (asJson) {
      events.done(stored);
    } else {
      System.out.println(stored.path());
      System.err.println("try: thermocline run " + stored.name() + " -p \"Once upon a time\"");
    }
    return 0;
  }
}
