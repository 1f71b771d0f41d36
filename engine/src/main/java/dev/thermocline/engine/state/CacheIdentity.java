package dev.thermocline.engine.state;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.overlay.ModelDigest;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.RotaryPositions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What keys and values depend on besides the tokens, by name: whatever differs makes a stored cache
 * useless.
 */
final class CacheIdentity {
  private CacheIdentity() {}

  static Map<String, String> of(Model model, EngineOptions options, EngineRunner runner)
      throws IOException {
    ModelConfig config = model.config();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("model", ModelDigest.of(model.path()));
    parts.put("cache type", options.cache().format().name());
    parts.put(
        "shape",
        config.nLayer()
            + " layers of "
            + config.nKvHead()
            + " heads of "
            + config.headSize()
            + " and "
            + config.valueSize()
            + ", pages of "
            + TokenBatch.PAGE);
    parts.put("positions", positions(model.rope(runner.context(), 2)));
    parts.put("sparsity", runner.sparsity() + overlay(model, options));
    return parts;
  }

  /** Angles may be scaled by the context; two positions tell. */
  private static String positions(RotaryPositions rope) {
    TokenBatch two = new TokenBatch(2, 1);
    two.add(0, 1, 0);
    two.add(0, 4097, 0);
    rope.prepare(two);
    int hash = 1;
    for (Rope kind : rope.kinds()) {
      hash = 31 * hash + java.util.Arrays.hashCode(kind.cos());
      hash = 31 * hash + java.util.Arrays.hashCode(kind.sin());
    }
    return Integer.toHexString(hash);
  }

  private static String overlay(Model model, EngineOptions options) throws IOException {
    Path overlay = OverlayStore.path(model.path());
    return options.sparse() == SparseMode.AUTO && Files.exists(overlay)
        ? ", overlay " + ModelDigest.of(overlay)
        : "";
  }
}
