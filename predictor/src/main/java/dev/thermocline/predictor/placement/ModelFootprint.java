package dev.thermocline.predictor.placement;

import java.util.List;

/**
 * Device memory that the parts of a model would take.
 *
 * @param workspace sizes of the allocations without which nothing runs on the device
 * @param layers in the order of the model
 * @param head sizes of the allocations of final norm and output matrix
 */
public record ModelFootprint(List<Long> workspace, List<LayerFootprint> layers, List<Long> head) {
  public ModelFootprint {
    workspace = List.copyOf(workspace);
    layers = List.copyOf(layers);
    head = List.copyOf(head);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("footprint: expected at least one layer, got none");
    }
  }
}
