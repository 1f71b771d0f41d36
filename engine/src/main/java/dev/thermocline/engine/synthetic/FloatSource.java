package dev.thermocline.engine.synthetic;

import dev.thermocline.models.gguf.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Floats as an F32 tensor. */
final class FloatSource implements TensorSource {
  private final float[] values;

  FloatSource(float[] values) {
    this.values = values;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
