package dev.thermocline.models.gguf;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Writes a tensor's bytes when their turn comes, so that a file need not fit into memory. */
@FunctionalInterface
public interface TensorSource {

  /** Writes exactly the bytes that the tensor's shape and type demand. */
  void writeTo(WritableByteChannel channel) throws IOException;
}
