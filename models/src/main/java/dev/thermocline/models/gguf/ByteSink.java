package dev.thermocline.models.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Collects little-endian values. */
final class ByteSink {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ByteSink bytes(long value, int count) {
    for (int i = 0; i < count; i++) {
      out.write((int) (value >>> 8 * i));
    }
    return this;
  }

  ByteSink int32(int value) {
    return bytes(value, 4);
  }

  ByteSink int64(long value) {
    return bytes(value, 8);
  }

  ByteSink ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** Length, then UTF-8. */
  ByteSink string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int64(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  ByteSink bytes(MemorySegment bytes) {
    out.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
