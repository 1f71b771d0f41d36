package dev.thermocline.engine.select;

import dev.thermocline.predictor.ColumnSelector;
import dev.thermocline.predictor.WinaColumns;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.overlay.WinaParameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model leaves out beyond exact zeros.
 *
 * @param name for logs and reports
 * @param layers predictors and cutoffs, one entry per layer, or empty for none
 * @param columns selectors of linear layers, by the name of their weight
 */
public record Selection(
    String name, List<LayerSelectors> layers, Map<String, ColumnSelector> columns) {
  /** Nothing beyond exact zeros. */
  public static final Selection NONE = new Selection("gate-first", List.of(), Map.of());

  public Selection {
    layers = List.copyOf(layers);
    columns = Map.copyOf(columns);
  }

  /** What an overlay's calibration chose. */
  public static Selection of(Overlay overlay) {
    Map<String, ColumnSelector> columns = new HashMap<>();
    for (WinaParameters linear : overlay.wina()) {
      columns.put(linear.linear(), WinaColumns.of(linear.columnNorms(), linear.threshold()));
    }
    return new Selection("overlay", overlay.layers(), columns);
  }

  /** Predictor and cutoffs of a layer. */
  public LayerSelectors layer(int layer) {
    return layers.isEmpty() ? LayerSelectors.NONE : layers.get(layer);
  }

  /** What selects the inputs of a linear layer, or null where all are used. */
  public @Nullable ColumnSelector columns(String weight) {
    return columns.get(weight);
  }
}
