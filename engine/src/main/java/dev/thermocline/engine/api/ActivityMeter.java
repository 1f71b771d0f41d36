package dev.thermocline.engine.api;

import dev.thermocline.engine.CacheStatistics;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.run.LayerStatistics;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Reads the counters of an engine. Safe for use by several threads. */
final class ActivityMeter {
  private final InferenceEngine engine;
  private final LongAdder tokens;

  ActivityMeter(InferenceEngine engine, LongAdder tokens) {
    this.engine = engine;
    this.tokens = tokens;
  }

  /** All counters at one moment. */
  record Reading(long tokens, CacheStatistics cache, LayerStatistics layers) {
    boolean differsFrom(Reading earlier) {
      return tokens != earlier.tokens
          || cache.promptTokens() != earlier.cache.promptTokens()
          || !layers.equals(earlier.layers);
    }
  }

  Reading read() {
    LayerStatistics layers = engine.statistics();
    return new Reading(tokens.sum(), engine.cacheStatistics(), layers);
  }

  Activity sinceOpened() {
    Reading now = read();
    return activity(
        now,
        now.tokens(),
        now.cache().promptTokens(),
        now.cache().reusedTokens(),
        LayerStatistics.NONE);
  }

  Activity between(Reading before, Reading now) {
    return activity(
        now,
        now.tokens() - before.tokens(),
        now.cache().promptTokens() - before.cache().promptTokens(),
        now.cache().reusedTokens() - before.cache().reusedTokens(),
        before.layers());
  }

  private Activity activity(
      Reading now, long generated, long prompt, long reused, LayerStatistics before) {
    List<NeuronStatistics> added = now.layers().since(before).layers();
    boolean computed = added.stream().anyMatch(layer -> layer.tokens() > 0);
    return new Activity(
        generated,
        prompt,
        reused,
        computed ? engine.runner().bytesPerToken(before, now.layers()) : 0,
        engine.runner().deviceBytes(),
        engine.runner().summary(),
        added.stream().map(Activity.Layer::of).toList());
  }
}
