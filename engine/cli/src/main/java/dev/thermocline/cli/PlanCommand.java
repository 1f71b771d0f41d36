package dev.thermocline.cli;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.engine.run.Bandwidth;
import dev.thermocline.engine.run.PageBudget;
import dev.thermocline.engine.run.PlacementPlanner;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.MachineProfile;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Shows what would go where. */
@Command(
    name = "plan",
    description = "Shows what would be placed in a given amount of device memory, without a GPU.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline plan model.gguf --vram 6G",
      "  thermocline plan model.gguf --vram 8G --gpu-bandwidth 700 --ctx 8192 --json"
    })
final class PlanCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--vram",
      required = true,
      paramLabel = "BYTES",
      description = "Device memory, such as 6G.")
  private String vram = "";

  @Option(
      names = "--gpu-bandwidth",
      paramLabel = "GB/s",
      description = "Read bandwidth to assume of the GPU (${DEFAULT-VALUE}).")
  private double gpuBandwidth = 400;

  @Option(
      names = "--sync-micros",
      paramLabel = "US",
      description = "What sharing a layer costs, to assume (${DEFAULT-VALUE}).")
  private double syncMicros = 15;

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Tokens of context to make room for (${DEFAULT-VALUE}).")
  private int context = 4096;

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      description = "Type of the key-value cache: f32, f16 or q8_0 (${DEFAULT-VALUE}).")
  private KvFormat cacheType = KvFormat.F32;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean asJson;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    try (Model opened = model.open()) {
      int tokens = Math.min(context, opened.config().contextLength());
      Optional<Overlay> overlay = OverlayStore.find(opened);
      ActivationProfile profile = overlay.map(Overlay::profile).orElse(null);
      CacheOptions cache = CacheOptions.DEFAULT.withFormat(cacheType);
      EngineOptions options = EngineOptions.defaults().withCache(cache);
      PageBudget pages = PageBudget.of(options, tokens);
      MemoryBudget budget = new MemoryBudget(Bytes.parse(vram));
      MachineProfile machine = machine(options);
      NeuronPlacement placement =
          new PlacementPlanner(opened, options, pages, profile).solve(machine, budget);
      if (asJson) {
        System.out.println(
            JsonMapper.builder().build().writeValueAsString(json(placement, profile, budget)));
      } else {
        print(placement, profile, budget, machine);
      }
    }
    return 0;
  }

  private MachineProfile machine(EngineOptions options) {
    try (WorkerPool pool = new WorkerPool(options.threads())) {
      return new MachineProfile(Bandwidth.measure(pool), gpuBandwidth, syncMicros, 12);
    }
  }

  private static void print(
      NeuronPlacement placement,
      @Nullable ActivationProfile profile,
      MemoryBudget budget,
      MachineProfile machine) {
    System.out.printf(
        Locale.ROOT,
        "CPU reads %.1f GB/s (measured), GPU %.0f GB/s and %.0f us a layer (assumed); %s%n%n",
        machine.cpuReadGBps(),
        machine.gpuReadGBps(),
        machine.syncMicros(),
        profile == null ? "no profile: all neurons count alike" : "profile from the overlay");
    System.out.println("layer  attention  hot neurons  of the activations");
    for (int l = 0; l < placement.layers().size(); l++) {
      LayerPlacement layer = placement.layer(l);
      System.out.printf(
          Locale.ROOT,
          "%5d  %-9s  %5d of %5d  %s%n",
          l,
          layer.attentionOnDevice() ? "GPU" : "CPU",
          layer.hot().count(),
          layer.neurons(),
          share(placement, profile, l));
    }
    System.out.println();
    for (MemoryBudget.Entry entry : budget.entries()) {
      System.out.printf(Locale.ROOT, "%-20s %,14d bytes%n", entry.what(), entry.bytes());
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s %,14d bytes of %,d%n",
        "in all",
        budget.usedBytes(),
        budget.capacityBytes());
  }

  private static String share(
      NeuronPlacement placement, @Nullable ActivationProfile profile, int layer) {
    return profile == null
        ? "unknown"
        : String.format(Locale.ROOT, "%.1f %%", 100 * placement.expectedHitShare(profile, layer));
  }

  private static Map<String, Object> json(
      NeuronPlacement placement, @Nullable ActivationProfile profile, MemoryBudget budget) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("capacity_bytes", budget.capacityBytes());
    all.put("used_bytes", budget.usedBytes());
    all.put("entries", budget.entries());
    all.put(
        "layers",
        java.util.stream.IntStream.range(0, placement.layers().size())
            .mapToObj(l -> {
              Map<String, Object> layer = new LinkedHashMap<>();
              layer.put("attention_on_gpu", placement.layer(l).attentionOnDevice());
              layer.put("hot", placement.layer(l).hot().count());
              layer.put("neurons", placement.layer(l).neurons());
              if (profile != null) {
                layer.put("expected_hit_share", placement.expectedHitShare(profile, l));
              }
              return layer;
            })
            .toList());
    return all;
  }
}
