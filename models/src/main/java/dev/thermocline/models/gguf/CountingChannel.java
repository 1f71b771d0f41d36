package dev.thermocline.models.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Counts what is written, and writes all of a buffer at once. Closing it closes nothing. */
final class CountingChannel implements WritableByteChannel {
  private final WritableByteChannel channel;
  private long count;

  CountingChannel(WritableByteChannel channel) {
    this.channel = channel;
  }

  long count() {
    return count;
  }

  void pad(int alignment) throws IOException {
    write(ByteBuffer.allocate((int) ((alignment - count % alignment) % alignment)));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    count += length;
    return length;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {}
}
