package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.NeuronMajor;
import dev.thermocline.predictor.placement.LayerFootprint;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.MachineProfile;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.ModelFootprint;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.placement.PlacementSolver;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides which neurons and which layers' attention are on the device. */
public final class PlacementPlanner {
  /** Neurons placed together in models of usual size; small ones are placed in finer steps. */
  private static final int GROUP = 32;

  private final Model model;
  private final EngineOptions options;
  private final int pages;
  private final @Nullable ActivationProfile profile;

  /**
   * Plans for a model.
   *
   * @param pages of each layer's key-value cache
   * @param profile how its neurons behave, or null where that is not known
   */
  public PlacementPlanner(
      Model model, EngineOptions options, int pages, @Nullable ActivationProfile profile) {
    this.model = model;
    this.options = options;
    this.pages = pages;
    this.profile = profile;
  }

  /** Everything on the CPU. */
  NeuronPlacement cpuOnly() {
    List<LayerPlacement> layers = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayer(); layer++) {
      RowSet none = new RowSet(model.config().nFf());
      RowSet all = new RowSet(model.config().nFf());
      all.fill();
      layers.add(new LayerPlacement(none, all, false, false));
    }
    return new NeuronPlacement(layers, false);
  }

  /** The share of hot neurons that the options force, the hottest first, attention on the CPU. */
  NeuronPlacement forced(double share) {
    ModelConfig config = model.config();
    ActivationProfile known =
        profile != null ? profile : ActivationProfile.empty(config.nLayer(), config.nFf());
    return NeuronPlacement.hotShare(known, share, false);
  }

  /** What saves most time within a budget; reservations are written to it. */
  public NeuronPlacement solve(MachineProfile machine, MemoryBudget budget) {
    return new PlacementSolver(machine, GROUP).plan(footprint(), profile, budget);
  }

  private ModelFootprint footprint() {
    ModelConfig config = model.config();
    long row = 4L * options.batch();
    List<Long> workspace = new ArrayList<>();
    for (int width :
        new int[] {
          config.nEmbd(),
          config.nEmbd(),
          config.nEmbd(),
          config.nEmbd(),
          config.nEmbd(),
          config.queryWidth(),
          config.queryWidth(),
          config.kvWidth(),
          config.kvWidth()
        }) {
      workspace.add(row * width);
    }
    // Per token the hidden values, the candidates' mask and the list of active neurons.
    workspace.add(row * config.nFf() * 3);
    List<LayerFootprint> layers = new ArrayList<>();
    for (int layer = 0; layer < config.nLayer(); layer++) {
      layers.add(footprint(layer));
    }
    return new ModelFootprint(workspace, layers, List.of(model.headBytes()));
  }

  private LayerFootprint footprint(int layer) {
    ModelConfig config = model.config();
    FeedForwardWeights weights = model.feedForwardWeights(layer);
    List<Long> perNeuron = new ArrayList<>();
    if (weights.gate() != null) {
      perNeuron.add(weights.gate().rowBytes());
    }
    perNeuron.add(weights.up().rowBytes());
    perNeuron.add(NeuronMajor.downRowBytes(weights));
    // Its number in the layer, its cutoff and its biases.
    perNeuron.add(16L);
    List<Long> attention = new ArrayList<>();
    String prefix = "blk." + layer + ".";
    for (GgufTensorInfo info : model.gguf().tensors()) {
      String name = info.name();
      if (name.startsWith(prefix + "attn_") || name.startsWith(prefix + "ffn_norm")) {
        attention.add(info.bytes());
      }
    }
    KvShape cache = new KvShape(pages, config.nKvHead(), config.headSize(), options.halfCache());
    attention.add(cache.bytes() / 2);
    attention.add(cache.bytes() / 2);
    return new LayerFootprint(weights.neurons(), perNeuron, attention, List.of());
  }
}
