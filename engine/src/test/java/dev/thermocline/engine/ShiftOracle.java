package dev.thermocline.engine;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.host.HostKvCache;
import dev.thermocline.models.ForwardPass;
import dev.thermocline.models.Model;
import dev.thermocline.models.layers.RotaryPositions;

/**
 * The sliding window on the scalar oracle, token by token: keys are turned back to where no
 * position is, then to their new one, in double precision; values are copied.
 */
final class ShiftOracle implements AutoCloseable {
  private final Model model;
  private final Kernels kernels = Kernels.reference();
  private final ForwardPass pass;
  private final RotaryPositions rope;
  private final int context;
  private final int keep;
  private int length;

  ShiftOracle(Model model, int context, int keep) {
    this.model = model;
    this.pass = new ForwardPass(model, kernels, 1);
    this.rope = model.rope(context, 2);
    this.context = context;
    this.keep = keep;
  }

  /** Logits after one more token. */
  float[] forward(int token) {
    if (length + 1 == context) {
      shift((length + 1 - keep) / 2);
    }
    length++;
    return pass.forward(token);
  }

  private void shift(int dropped) {
    for (int p = keep + dropped; p < length; p++) {
      TokenBatch both = new TokenBatch(2, 1);
      both.add(0, p, 0);
      both.add(0, p - dropped, 0);
      rope.prepare(both);
      for (int layer = 0; layer < model.config().nLayer(); layer++) {
        move((HostKvCache) pass.cache(layer), pass.slot(p), pass.slot(p - dropped), layer);
      }
    }
    length -= dropped;
    pass.continueAt(length);
  }

  private void move(HostKvCache cache, int from, int to, int layer) {
    int heads = cache.shape().kvHeads();
    int size = cache.shape().headSize();
    int valueSize = cache.shape().valueSize();
    float[] keys = new float[heads * size];
    float[] values = new float[heads * valueSize];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < size; i++) {
        keys[head * size + i] = cache.element(cache.keys(), cache.keyOffset(from, head), i);
      }
      for (int i = 0; i < valueSize; i++) {
        values[head * valueSize + i] =
            cache.element(cache.values(), cache.valueOffset(from, head), i);
      }
      Rope turned = rope.of(layer);
      if (turned != null) {
        turn(keys, head * size, turned);
      }
    }
    cache.storeKeys(to, keys, 0);
    cache.storeValues(to, values, 0);
  }

  private static void turn(float[] keys, int at, Rope rope) {
    int pairs = rope.pairs();
    for (int p = 0; p < pairs; p++) {
      int first = at + (rope.style() == RopeStyle.NORMAL ? 2 * p : p);
      int second = first + (rope.style() == RopeStyle.NORMAL ? 1 : pairs);
      double c = rope.cos()[p];
      double s = rope.sin()[p];
      double square = c * c + s * s;
      double a = (keys[first] * c + keys[second] * s) / square;
      double b = (keys[second] * c - keys[first] * s) / square;
      double c1 = rope.cos()[pairs + p];
      double s1 = rope.sin()[pairs + p];
      keys[first] = (float) (a * c1 - b * s1);
      keys[second] = (float) (a * s1 + b * c1);
    }
  }

  @Override
  public void close() {
    pass.close();
    kernels.close();
  }
}
