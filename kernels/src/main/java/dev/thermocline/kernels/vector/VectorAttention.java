package dev.thermocline.kernels.vector;

import static dev.thermocline.kernels.vector.Lanes.F;
import static dev.thermocline.kernels.vector.Lanes.I;
import static dev.thermocline.kernels.vector.Lanes.L;
import static dev.thermocline.kernels.vector.Lanes.S;

import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.host.HostKvCache;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Attention, one head of one token at a time. Cached rows are copied (or decoded) into a worker's
 * buffer a page at a time, so that one set of kernels serves all formats.
 */
final class VectorAttention extends ChunkedTask {
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private static final DotQ8_0 BLOCKS = new DotQ8_0();

  private final float[][] scores;
  private final float[][] pages;
  private HostActivations q;
  private HostActivations out;
  private TokenBatch batch = new TokenBatch(1, 1);
  private HostKvCache cache;
  private AttentionShape shape = AttentionShape.of(1, 1);
  private float @Nullable [] sinks;

  VectorAttention(int workers, HostActivations none, HostKvCache noCache) {
    scores = new float[workers][0];
    pages = new float[workers][0];
    q = none;
    out = none;
    cache = noCache;
  }

  /**
   * Makes room for contexts of {@code positions} and pages of {@code pageElements} floats of one
   * head, behind which lanes are summed.
   */
  void reserve(int positions, int pageElements) {
    for (int i = 0; i < scores.length; i++) {
      // One more, for a sink.
      if (scores[i].length <= positions) {
        scores[i] = new float[positions + 1];
      }
      if (pages[i].length < pageElements + L) {
        pages[i] = new float[pageElements + L];
      }
    }
  }

  /** Sets the operands; {@link #runAll} then does an item for every head of every row. */
  void bind(
      HostActivations query,
      TokenBatch rows,
      HostKvCache kv,
      AttentionShape how,
      float @Nullable [] sinkScores,
      HostActivations to) {
    q = query;
    batch = rows;
    cache = kv;
    shape = how;
    sinks = sinkScores;
    out = to;
  }

  @Override
  void items(int from, int to, int worker) {
    int heads = shape.heads();
    for (int item = from; item < to; item++) {
      head(item / heads, item % heads, scores[worker], pages[worker]);
    }
  }

  private void head(int token, int head, float[] score, float[] page) {
    int kvHead = head / (shape.heads() / cache.shape().kvHeads());
    int end = batch.positions()[token] + 1;
    int first = shape.first(end - 1);
    score(token, head, kvHead, first, end, score, page);
    float sum = softmax(head, score, end - first, page);
    int size = cache.shape().valueSize();
    int stride = cache.shape().format().stored(size);
    int target = out.offset(token) + head * size;
    java.util.Arrays.fill(out.values(), target, target + size, 0f);
    int count;
    for (int p = first; p < end; p += count) {
      count = Math.min(TokenBatch.PAGE - p % TokenBatch.PAGE, end - p);
      load(cache.values(), cache.valueOffset(batch.slot(token, p), kvHead), count * stride, page);
      addWeighted(score, p - first, count, page, stride, size, out.values(), target);
    }
    float inverse = 1f / sum;
    for (int i = 0; i < size; i++) {
      out.values()[target + i] *= inverse;
    }
  }

  /** Scores of positions {@code first} to {@code end}, from the start of {@code score} on. */
  private void score(
      int token, int head, int kvHead, int first, int end, float[] score, float[] page) {
    int size = cache.shape().headSize();
    int stride = cache.shape().format().stored(size);
    int at = q.offset(token) + head * size;
    int count;
    for (int p = first; p < end; p += count) {
      count = Math.min(TokenBatch.PAGE - p % TokenBatch.PAGE, end - p);
      load(cache.keys(), cache.keyOffset(batch.slot(token, p), kvHead), count * stride, page);
      for (int i = 0; i < count; i++) {
        score[p - first + i] = dot(q.values(), at, size, page, i * stride) * shape.scale();
      }
    }
    if (shape.softCap() > 0) {
      VectorMath.softCap(score, 0, end - first, shape.softCap());
    }
  }

  private float softmax(int head, float[] score, int count, float[] page) {
    int lanes = page.length - L;
    if (sinks == null) {
      return VectorMath.softmaxNumerators(score, count, page, lanes);
    }
    score[count] = sinks[head];
    return VectorMath.softmaxNumerators(score, count + 1, page, lanes);
  }

  private void load(MemorySegment from, long offset, int count, float[] page) {
    switch (cache.shape().format()) {
      case F32 ->
          MemorySegment.copy(
              from, java.lang.foreign.ValueLayout.JAVA_FLOAT, offset, page, 0, count);
      case F16 -> decodeHalves(from.asSlice(offset, count * 2L), count, page);
      case Q8_0 -> BLOCKS.decode(from, offset, count, page, 0);
    }
  }

  private static void decodeHalves(MemorySegment from, int count, float[] page) {
    FloatVector bias = FloatVector.broadcast(F, 0x1p112f);
    int i = 0;
    for (; i <= count - L; i += L) {
      IntVector wide =
          (IntVector) ShortVector.fromMemorySegment(S, from, i * 2L, LE).castShape(I, 0);
      wide.lanewise(VectorOperators.LSHL, 13)
          .and(0x8FFFE000)
          .reinterpretAsFloats()
          .mul(bias)
          .intoArray(page, i);
    }
    for (; i < count; i++) {
      page[i] =
          Float.float16ToFloat(
              from.get(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L));
    }
  }

  /** {@code a . page[pi ...]}. */
  private static float dot(float[] a, int ai, int size, float[] page, int pi) {
    FloatVector acc = FloatVector.zero(F);
    int i = 0;
    for (; i <= size - L; i += L) {
      acc = FloatVector.fromArray(F, a, ai + i).fma(FloatVector.fromArray(F, page, pi + i), acc);
    }
    int lanes = page.length - L;
    acc.intoArray(page, lanes);
    float sum = Lanes.fold(page, lanes);
    for (; i < size; i++) {
      sum = Math.fma(a[ai + i], page[pi + i], sum);
    }
    return sum;
  }

  /** {@code y += sum score[p + i] * rows[i]}, a vector of y in a register over the page. */
  private static void addWeighted(
      float[] score, int p, int count, float[] rows, int stride, int size, float[] y, int at) {
    int c = 0;
    for (; c <= size - L; c += L) {
      FloatVector acc = FloatVector.fromArray(F, y, at + c);
      for (int i = 0; i < count; i++) {
        acc =
            FloatVector.fromArray(F, rows, i * stride + c)
                .fma(FloatVector.broadcast(F, score[p + i]), acc);
      }
      acc.intoArray(y, at + c);
    }
    for (; c < size; c++) {
      float sum = y[at + c];
      for (int i = 0; i < count; i++) {
        sum = Math.fma(rows[i * stride + c], score[p + i], sum);
      }
      y[at + c] = sum;
    }
  }
}
