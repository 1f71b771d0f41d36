package dev.thermocline.engine.state;

import dev.thermocline.kernels.TokenBatch;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes keys and values of a text with what they depend on. Big-endian: the magic, a version, the
 * parts of the identity as pairs of strings, the number of tokens, the tokens, then page after page
 * as {@code ModelRunner.readPage} gives them, and the CRC-32C of all of it as 8 bytes. The file
 * appears whole or not at all.
 */
final class PromptCacheWriter {
  static final long MAGIC = 0x544B_5643_4143_4845L; // TKVCACHE
  static final int VERSION = 1;

  private final Map<String, String> identity;
  private final MemorySegment page;

  /**
   * Prepares.
   *
   * @param identity what the content depends on
   * @param page room for a page, overwritten
   */
  PromptCacheWriter(Map<String, String> identity, MemorySegment page) {
    this.identity = identity;
    this.page = page;
  }

  /** Provides a page. */
  @FunctionalInterface
  interface Pages {
    void read(int index, MemorySegment to);
  }

  /** Writes the tokens of the first {@code count} pages of a text, and those pages. */
  void write(Path file, int[] tokens, int count, Pages pages) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path fresh = Files.createTempFile(folder, file.getFileName() + ".", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(fresh)) {
        write(out, tokens, count, pages);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void write(OutputStream file, int[] tokens, int count, Pages pages) throws IOException {
    CRC32C sum = new CRC32C();
    DataOutputStream out =
        new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(file, 1 << 16), sum));
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(identity.size());
    for (Map.Entry<String, String> part : identity.entrySet()) {
      out.writeUTF(part.getKey());
      out.writeUTF(part.getValue());
    }
    out.writeInt(count * TokenBatch.PAGE);
    for (int i = 0; i < count * TokenBatch.PAGE; i++) {
      out.writeInt(tokens[i]);
    }
    byte[] bytes = new byte[Math.toIntExact(page.byteSize())];
    for (int i = 0; i < count; i++) {
      pages.read(i, page);
      MemorySegment.copy(page, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
      out.write(bytes);
    }
    out.writeLong(sum.getValue());
    out.flush();
  }
}
