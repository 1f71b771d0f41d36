package dev.thermocline.engine.state;

import dev.thermocline.engine.PromptCacheException;
import dev.thermocline.kernels.TokenBatch;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Reads what {@link PromptCacheWriter} wrote, from anybody: lengths are held against the file's own
 * before anything is allocated, and pages count only once the sum at the end is right.
 */
final class PromptCacheReader implements AutoCloseable {
  private static final int PAGE = TokenBatch.PAGE;

  private final CRC32C sum = new CRC32C();
  private final String name;
  private final DataInputStream in;
  private final byte[] page;
  private final int[] tokens;

  /**
   * Opens a file and reads all but the pages.
   *
   * @param identity that it must have
   * @param vocabulary its tokens are below
   * @param pageBytes of a page
   * @throws PromptCacheException if it is of another model or kind, or damaged
   */
  PromptCacheReader(Path file, Map<String, String> identity, int vocabulary, long pageBytes)
      throws IOException {
    name = file.getFileName().toString();
    page = new byte[Math.toIntExact(pageBytes)];
    in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), sum));
    try {
      tokens = header(identity, vocabulary, Files.size(file));
    } catch (EOFException | UTFDataFormatException e) {
      in.close();
      throw damaged("its description ends early or is no text");
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private int[] header(Map<String, String> identity, int vocabulary, long size) throws IOException {
    if (size < Long.BYTES || in.readLong() != PromptCacheWriter.MAGIC) {
      throw new PromptCacheException(name + ": no stored prompt cache", true);
    }
    int version = in.readInt();
    if (version != PromptCacheWriter.VERSION) {
      throw damaged("expected version " + PromptCacheWriter.VERSION + ", got " + version);
    }
    long described = 4L * Integer.BYTES + Long.BYTES + identify(identity);
    int count = in.readInt();
    long pages = count / PAGE;
    long expected = described + 4L * count + pages * page.length + Long.BYTES;
    if (count < 0 || count % PAGE != 0 || expected != size) {
      throw damaged(
          count + " tokens in pages of " + PAGE + " make " + expected + " bytes, not " + size);
    }
    int[] read = new int[count];
    for (int i = 0; i < count; i++) {
      read[i] = in.readInt();
      if (read[i] < 0 || read[i] >= vocabulary) {
        throw damaged("expected tokens 0 to " + (vocabulary - 1) + ", got " + read[i]);
      }
    }
    return read;
  }

  /** Compares the identity and returns how many bytes it took, less the count's. */
  private long identify(Map<String, String> identity) throws IOException {
    int parts = in.readInt();
    if (parts != identity.size()) {
      throw damaged("expected " + identity.size() + " parts of a description, got " + parts);
    }
    long bytes = -Integer.BYTES;
    for (Map.Entry<String, String> part : identity.entrySet()) {
      String key = in.readUTF();
      String value = in.readUTF();
      if (!key.equals(part.getKey())) {
        throw damaged("expected the part " + part.getKey());
      }
      if (!value.equals(part.getValue())) {
        throw new PromptCacheException(name + ": made with another " + key, false);
      }
      // Ours are ASCII, so these are as well.
      bytes += 2L * Short.BYTES + key.length() + value.length();
    }
    return bytes;
  }

  private PromptCacheException damaged(String what) {
    return new PromptCacheException(name + ": damaged: " + what, false);
  }

  /** The text. */
  int[] tokens() {
    return tokens;
  }

  /** Reads the next page. */
  void next(MemorySegment to) throws IOException {
    if (in.readNBytes(page, 0, page.length) < page.length) {
      throw damaged("it became shorter while it was read");
    }
    MemorySegment.copy(page, 0, to, ValueLayout.JAVA_BYTE, 0, page.length);
  }

  /**
   * After the last page.
   *
   * @throws PromptCacheException if what was read is not what was written
   */
  void verify() throws IOException {
    long expected = sum.getValue();
    if (in.readLong() != expected) {
      throw damaged("its checksum does not match");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
