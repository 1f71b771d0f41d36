package dev.thermocline.server.metrics;

import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.server.models.ServedModel;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a model's engine did between two looks at it.
 *
 * @param cache as it is at the second one
 * @param layers what the layers computed in between
 * @param total what they computed since the model was loaded
 * @param bytesPerToken weight bytes read per token in between
 */
public record EngineReading(
    CacheStatistics cache,
    LayerStatistics layers,
    LayerStatistics total,
    OptionalDouble bytesPerToken) {

  /** A look at the counters; null where the engine is closed or its device is lost. */
  public static @Nullable LayerStatistics counters(ServedModel model) {
    try {
      return model.engine().statistics();
    } catch (IllegalStateException | GenerationException e) {
      return null;
    }
  }

  /** What was added between two looks. */
  public static EngineReading between(
      ServedModel model, LayerStatistics before, LayerStatistics after) {
    LayerStatistics added = after.since(before);
    boolean computed = added.layers().stream().anyMatch(l -> l.tokens() > 0);
    return new EngineReading(
        model.engine().cacheStatistics(),
        added,
        after,
        computed
            ? OptionalDouble.of(model.engine().runner().bytesPerToken(before, after))
            : OptionalDouble.empty());
  }

  /** Mean share of neurons that were active; empty where nothing was computed. */
  public OptionalDouble activeShare() {
    List<NeuronStatistics> computed = layers.layers().stream().filter(l -> l.tokens() > 0).toList();
    return computed.stream().mapToDouble(NeuronStatistics::activeShare).average();
  }

  /** Share of active neurons that were on the GPU; empty where there were none. */
  public OptionalDouble hitShare() {
    boolean any = layers.layers().stream().anyMatch(l -> l.hotAdded() + l.coldAdded() > 0);
    return any ? OptionalDouble.of(layers.hitShare()) : OptionalDouble.empty();
  }
}
