package dev.thermocline.engine.synthetic;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.models.gguf.TensorSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;

/**
 * Random weights with a standard deviation of 0.02, uniform, in any format. A megabyte of them is
 * generated and then repeated at changing places, which is as good as fresh ones where only speed
 * counts.
 */
final class RandomWeights implements TensorSource {
  private static final double DEVIATION = 0.02;
  private static final int POOL_ELEMENTS = 1 << 18;
  private static final int CHECKED_ELEMENTS = 1 << 14;

  private final EncodableFormat format;
  private final long elements;
  private final int seed;

  RandomWeights(EncodableFormat format, long elements, int seed) {
    this.format = format;
    this.elements = elements;
    this.seed = seed;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer pool = pool(format, seed);
    SplittableRandom random = new SplittableRandom(seed);
    int block = format.blockBytes();
    long left = format.bytes(elements);
    while (left > 0) {
      int start = random.nextInt(pool.capacity() / block / 2) * block;
      int length = (int) Math.min(left, pool.capacity() - start);
      ByteBuffer part = pool.slice(start, length);
      while (part.hasRemaining()) {
        channel.write(part);
      }
      left -= length;
    }
  }

  private static ByteBuffer pool(EncodableFormat format, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[POOL_ELEMENTS];
    double half = DEVIATION * Math.sqrt(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-half, half);
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect((int) format.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    format.encode(values, 0, values.length, MemorySegment.ofBuffer(bytes), 0);
    return bytes;
  }

  /** Root mean square of the weights as they come out of the format. */
  static double spread(EncodableFormat format) {
    MemorySegment data = MemorySegment.ofBuffer(pool(format, 1));
    double squares = 0;
    for (int i = 0; i < CHECKED_ELEMENTS; i++) {
      float value = format.element(data, i);
      squares += (double) value * value;
    }
    return Math.sqrt(squares / CHECKED_ELEMENTS);
  }
}
