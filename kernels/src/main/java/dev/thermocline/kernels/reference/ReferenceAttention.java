package dev.thermocline.kernels.reference;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.host.HostKvCache;

/** Attention of one head of one token, in double precision. */
final class ReferenceAttention {
  private ReferenceAttention() {}

  static void head(
      HostActivations q,
      TokenBatch batch,
      HostKvCache cache,
      int token,
      int head,
      int group,
      float scale,
      HostActivations out) {
    int size = cache.shape().headSize();
    int kvHead = head / group;
    int at = q.offset(token) + head * size;
    int context = batch.positions()[token] + 1;
    double[] scores = new double[context];
    double max = Double.NEGATIVE_INFINITY;
    for (int p = 0; p < context; p++) {
      long row = cache.offset(batch.slot(token, p), kvHead);
      double dot = 0;
      for (int i = 0; i < size; i++) {
        dot += (double) q.values()[at + i] * cache.element(cache.keys(), row, i);
      }
      scores[p] = dot * scale;
      max = Math.max(max, scores[p]);
    }
    double sum = 0;
    for (int p = 0; p < context; p++) {
      scores[p] = Math.exp(scores[p] - max);
      sum += scores[p];
    }
    for (int i = 0; i < size; i++) {
      double value = 0;
      for (int p = 0; p < context; p++) {
        value +=
            scores[p]
                * cache.element(cache.values(), cache.offset(batch.slot(token, p), kvHead), i);
      }
      out.values()[out.offset(token) + head * size + i] = (float) (value / sum);
    }
  }
}
