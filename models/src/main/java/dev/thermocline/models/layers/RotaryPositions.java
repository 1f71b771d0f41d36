package dev.thermocline.models.layers;

import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.RopeConfig;
import dev.thermocline.models.gguf.GgufFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rotary positions of all layers of a model: one or two kinds, each computed once per batch. */
public final class RotaryPositions {
  private static final double DEFAULT_BASE = 10000;

  private final List<Rope> kinds = new ArrayList<>();
  private final List<@Nullable Rope> ofLayer = new ArrayList<>();

  /**
   * The positions of a model.
   *
   * @param context positions that will be used
   * @param maxTokens most tokens of a batch
   */
  public RotaryPositions(GgufFile gguf, ModelConfig config, int context, int maxTokens) {
    RopeConfig rope = config.rope();
    Rope full = null;
    Rope sliding = null;
    for (int layer = 0; layer < config.nLayer(); layer++) {
      boolean slides =
          config.attention().window().slides(layer)
              && !rope.sliding().equals(RopeConfig.Sliding.SAME);
      if (!rope.turns(layer)) {
        ofLayer.add(null);
      } else if (slides) {
        sliding = sliding != null ? sliding : kind(gguf, config, true, context, maxTokens);
        ofLayer.add(sliding);
      } else {
        full = full != null ? full : kind(gguf, config, false, context, maxTokens);
        ofLayer.add(full);
      }
    }
  }

  private RotaryPositions() {}

  /** The same angles for single rows that are turned already, as {@link Rope#again}. */
  public RotaryPositions again() {
    RotaryPositions turns = new RotaryPositions();
    for (Rope kind : kinds) {
      turns.kinds.add(kind.again());
    }
    for (Rope rope : ofLayer) {
      turns.ofLayer.add(rope == null ? null : turns.kinds.get(kinds.indexOf(rope)));
    }
    return turns;
  }

  private Rope kind(
      GgufFile gguf, ModelConfig config, boolean sliding, int context, int maxTokens) {
    RopeConfig rope = config.rope();
    String key = config.architecture() + ".rope.freq_base";
    double base = RotaryScaling.positive(gguf.metadata(), key, DEFAULT_BASE);
    RotaryScaling scaling = RotaryScaling.of(gguf, config, context);
    if (sliding) {
      base = rope.sliding().base() == 0 ? base : rope.sliding().base();
      scaling = rope.sliding().scaled() ? scaling : RotaryScaling.NONE;
    }
    double[] frequencies = scaling.frequencies(base, rope.dimensions() / 2);
    Rope made = new Rope(rope.style(), frequencies, scaling.magnitude(), maxTokens);
    kinds.add(made);
    return made;
  }

  /** Computes the angles of the batch's positions. */
  public void prepare(TokenBatch batch) {
    for (int i = 0; i < kinds.size(); i++) {
      kinds.get(i).prepare(batch);
    }
  }

  /** Positions of a layer; null where it does not turn its heads. */
  public @Nullable Rope of(int layer) {
    return ofLayer.get(layer);
  }

  /** The one or two kinds that there are; none for a model without rotary positions. */
  public List<Rope> kinds() {
    return List.copyOf(kinds);
  }
}
