package dev.thermocline.predictor.placement;

import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what goes into device memory: attention and KV caches layer by layer, the head,
 * predictors, then the neurons that save most time. Neurons are solved exactly; a greedy pass
 * checks the result and takes over should it ever be better.
 */
public final class PlacementSolver {
  private static final System.Logger LOG = System.getLogger(PlacementSolver.class.getName());

  private final MachineProfile machine;
  private final int groupSize;

  /**
   * Plans for one machine.
   *
   * @param groupSize neurons that are placed together, 32 or 64; small models may want less
   */
  public PlacementSolver(MachineProfile machine, int groupSize) {
    if (groupSize < 1) {
      throw new IllegalArgumentException(
          "placement: expected groups of at least 1 neuron, got " + groupSize);
    }
    this.machine = machine;
    this.groupSize = groupSize;
  }

  /**
   * Plans a model, writing every reservation to {@code budget}.
   *
   * @param profile how often neurons fire, or null to count all of them alike, as always firing
   * @throws OutOfBudgetException if not even the workspace fits
   */
  public NeuronPlacement plan(
      ModelFootprint model, @Nullable ActivationProfile profile, MemoryBudget budget) {
    check(model, profile);
    budget.reserve("workspace", model.workspace());
    int count = model.layers().size();
    boolean[] attention = new boolean[count];
    for (int l = 0; l < count; l++) {
      // Layers on the device stay together: the residual stream changes sides once.
      attention[l] =
          (l == 0 || attention[l - 1])
              && budget.tryReserve("blk." + l + " attention", model.layers().get(l).attention());
    }
    boolean head = attention[count - 1] && budget.tryReserve("head", model.head());
    boolean[] predictors = new boolean[count];
    for (int l = 0; l < count; l++) {
      List<Long> predictor = model.layers().get(l).predictor();
      predictors[l] =
          !predictor.isEmpty() && budget.tryReserve("blk." + l + " predictor", predictor);
    }
    int[] hot = hotNeurons(model.layers(), profile, budget.remainingBytes());
    List<LayerPlacement> layers = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      LayerFootprint footprint = model.layers().get(l);
      budget.reserve("blk." + l + " neurons", footprint.allocations(hot[l]));
      layers.add(
          LayerPlacement.of(order(footprint, profile, l), hot[l], attention[l], predictors[l]));
    }
    return new NeuronPlacement(layers, head);
  }

  /** Hot neurons per layer that fit into {@code capacityBytes} and save most time. */
  public int[] hotNeurons(
      List<LayerFootprint> footprints, @Nullable ActivationProfile profile, long capacityBytes) {
    List<LayerGroups> layers = new ArrayList<>();
    for (int l = 0; l < footprints.size(); l++) {
      LayerFootprint footprint = footprints.get(l);
      layers.add(
          new LayerGroups(footprint, frequencies(footprint, profile, l), groupSize, machine));
    }
    int[] exact = ExactAllocation.solve(layers, capacityBytes);
    // Groups were rounded up; what that left over is filled by exact sizes.
    exact = GreedyAllocation.extend(layers, exact, capacityBytes);
    int[] greedy = GreedyAllocation.solve(layers, capacityBytes);
    if (gain(layers, greedy) > gain(layers, exact) * (1 + 1e-9)) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "greedy placement gains {0} us, dynamic programming {1}",
          gain(layers, greedy),
          gain(layers, exact));
      exact = greedy;
    }
    int[] neurons = new int[exact.length];
    for (int l = 0; l < neurons.length; l++) {
      neurons[l] = layers.get(l).neurons(exact[l]);
    }
    return neurons;
  }

  static double gain(List<LayerGroups> layers, int[] groups) {
    double sum = 0;
    for (int l = 0; l < groups.length; l++) {
      sum += layers.get(l).gain(groups[l]);
    }
    return sum;
  }

  private static boolean known(@Nullable ActivationProfile profile, int layer) {
    return profile != null && profile.layer(layer).tokens() > 0;
  }

  private static double[] frequencies(
      LayerFootprint footprint, @Nullable ActivationProfile profile, int layer) {
    double[] frequencies = new double[footprint.neurons()];
    if (profile == null || !known(profile, layer)) {
      Arrays.fill(frequencies, 1);
      return frequencies;
    }
    LayerProfile known = profile.layer(layer);
    int[] order = known.byFrequency();
    for (int i = 0; i < order.length; i++) {
      frequencies[i] = known.frequency(order[i]);
    }
    return frequencies;
  }

  private static int[] order(
      LayerFootprint footprint, @Nullable ActivationProfile profile, int layer) {
    return profile == null || !known(profile, layer)
        ? IntStream.range(0, footprint.neurons()).toArray()
        : profile.layer(layer).byFrequency();
  }

  private static void check(ModelFootprint model, @Nullable ActivationProfile profile) {
    if (profile == null) {
      return;
    }
    int layers = model.layers().size();
    if (profile.layers().size() != layers) {
      throw new IllegalArgumentException(
          "placement: expected a profile of " + layers + " layers, got " + profile.layers().size());
    }
    for (int l = 0; l < layers; l++) {
      if (profile.layer(l).neurons() != model.layers().get(l).neurons()) {
        throw new IllegalArgumentException(
            "placement: expected a profile of "
                + model.layers().get(l).neurons()
                + " neurons in layer "
                + l
                + ", got "
                + profile.layer(l).neurons());
      }
    }
  }
}
