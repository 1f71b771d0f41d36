package dev.thermocline.kernels.reference;

import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.host.HostKvCache;
import org.jspecify.annotations.Nullable;

/** Attention of one head of one token, in double precision. */
final class ReferenceAttention {
  private final HostActivations q;
  private final TokenBatch batch;
  private final HostKvCache cache;
  private final AttentionShape shape;
  private final float @Nullable [] sinks;

  ReferenceAttention(
      HostActivations q,
      TokenBatch batch,
      HostKvCache cache,
      AttentionShape shape,
      float @Nullable [] sinks) {
    this.q = q;
    this.batch = batch;
    this.cache = cache;
    this.shape = shape;
    this.sinks = sinks;
  }

  void head(int token, int head, HostActivations out) {
    int kvHead = head / (shape.heads() / cache.shape().kvHeads());
    int position = batch.positions()[token];
    int first = shape.first(position);
    double[] scores = new double[position + 1 - first];
    double max = sinks == null ? Double.NEGATIVE_INFINITY : sinks[head];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(token, head, kvHead, first + i);
      max = Math.max(max, scores[i]);
    }
    double sum = sinks == null ? 0 : Math.exp(sinks[head] - max);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    int size = cache.shape().valueSize();
    for (int i = 0; i < size; i++) {
      double value = 0;
      for (int p = 0; p < scores.length; p++) {
        long row = cache.valueOffset(batch.slot(token, first + p), kvHead);
        value += scores[p] * cache.element(cache.values(), row, i);
      }
      out.values()[out.offset(token) + head * size + i] = (float) (value / sum);
    }
  }

  private double score(int token, int head, int kvHead, int position) {
    int size = cache.shape().headSize();
    int at = q.offset(token) + head * size;
    long row = cache.keyOffset(batch.slot(token, position), kvHead);
    double dot = 0;
    for (int i = 0; i < size; i++) {
      dot += (double) q.values()[at + i] * cache.element(cache.keys(), row, i);
    }
    double score = dot * shape.scale();
    float cap = shape.softCap();
    return cap == 0 ? score : cap * Math.tanh(score / cap);
  }
}
