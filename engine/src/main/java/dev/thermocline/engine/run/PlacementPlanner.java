package dev.thermocline.engine.run;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.cuda.CudaBytes;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
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
  private final PageBudget pages;
  private final @Nullable ActivationProfile profile;

  /**
   * Plans for a model.
   *
   * @param pages of the key-value caches
   * @param profile how its neurons behave, or null where that is not known
   */
  public PlacementPlanner(
      Model model, EngineOptions options, PageBudget pages, @Nullable ActivationProfile profile) {
    this.model = model;
    this.options = options;
    this.pages = pages;
    this.profile = profile;
  }

  /** Everything on the CPU. */
  NeuronPlacement cpuOnly() {
    List<LayerPlacement> layers = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayer(); layer++) {
      RowSet none = new RowSet(model.config().neuronsPerLayer());
      RowSet all = new RowSet(model.config().neuronsPerLayer());
      all.fill();
      layers.add(new LayerPlacement(none, all, false, false));
    }
    return new NeuronPlacement(layers, false);
  }

  /** The share of hot neurons that the options force, the hottest first, attention on the CPU. */
  NeuronPlacement forced(double share) {
    ModelConfig config = model.config();
    ActivationProfile known =
        profile != null
            ? profile
            : ActivationProfile.empty(config.nLayer(), config.neuronsPerLayer());
    return NeuronPlacement.hotShare(known, share, false);
  }

  /**
   * What saves most time within a budget, on a device whose backend is not open yet; reservations
   * are written to the budget.
   *
   * @throws dev.thermocline.predictor.placement.OutOfBudgetException if nothing fits
   */
  public NeuronPlacement solve(MachineProfile machine, MemoryBudget budget) {
    CudaOptions cuda = CudaOptions.of(options.batch());
    return solve(machine, budget, cuda, CudaBytes.backend(cuda));
  }

  /**
   * As {@link #solve(MachineProfile, MemoryBudget)}, on an open backend.
   *
   * @param cuda its options
   * @param held bytes that it holds already
   */
  NeuronPlacement solve(MachineProfile machine, MemoryBudget budget, CudaOptions cuda, long held) {
    ModelFootprint footprint = new DeviceFootprint(model, options, pages).of(cuda, held);
    return new PlacementSolver(machine, GROUP).plan(footprint, profile, budget);
  }

  /**
   * A fixed placement after device memory ran out: a part of each layer's hot neurons, attention on
   * the CPU.
   */
  static NeuronPlacement shrink(NeuronPlacement placement, double share) {
    return new NeuronPlacement(
        placement.layers().stream().map(layer -> shrink(layer, share)).toList(), false);
  }

  private static LayerPlacement shrink(LayerPlacement layer, double share) {
    RowSet hot = new RowSet(layer.neurons());
    RowSet cold = new RowSet(layer.neurons());
    int left = (int) (layer.hot().count() * share);
    for (int neuron = 0; neuron < layer.neurons(); neuron++) {
      if (left > 0 && layer.hot().contains(neuron)) {
        hot.add(neuron);
        left--;
      } else {
        cold.add(neuron);
      }
    }
    return new LayerPlacement(hot, cold, false, false);
  }
}
