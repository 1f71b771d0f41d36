package dev.thermocline.models.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * A file that is being fetched, {@code NAME.incomplete} beside its final place, with the digest of
 * what it holds. The name is the one that the Hub's tools use: each goes on where another stopped.
 */
final class PartialFile implements AutoCloseable {
  private static final int BUFFER = 1 << 18;

  private final Path target;
  private final Path path;
  private final FileChannel channel;
  private final MessageDigest digest = Digests.sha256();
  private long length;

  private PartialFile(Path target, Path path, FileChannel channel) {
    this.target = target;
    this.path = path;
    this.channel = channel;
  }

  /** Opens the part that is there, or an empty one. Nothing of it is read yet. */
  static PartialFile open(Path target) throws StoreException {
    Path path = target.resolveSibling(target.getFileName() + ".incomplete");
    try {
      Files.createDirectories(target.getParent());
      return new PartialFile(
          target,
          path,
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed("cannot be opened", path, e);
    }
  }

  /** Bytes that have been digested and may be kept. */
  long length() {
    return length;
  }

  /** Reads what an earlier transfer left. */
  void resume(LongConsumer progress) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      // Not until the end, which some things that are no files do not have.
      long size = channel.size();
      channel.position(length);
      while (length < size && channel.read(buffer) >= 0) {
        buffer.flip();
        length += buffer.remaining();
        digest.update(buffer);
        buffer.clear();
        progress.accept(length);
      }
    } catch (IOException e) {
      throw failed("cannot be read", path, e);
    }
  }

  /** Forgets all content. */
  void restart() throws StoreException {
    try {
      channel.truncate(0);
      channel.position(0);
    } catch (IOException e) {
      throw failed("cannot be emptied", path, e);
    }
    digest.reset();
    length = 0;
  }

  void append(byte[] bytes, int count) throws StoreException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw failed("cannot be written", path, e);
    }
    digest.update(bytes, 0, count);
    length += count;
  }

  /** The digest of everything so far in hex; what follows needs a restart. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Makes the part the whole. */
  void complete() throws StoreException {
    try {
      channel.force(true);
      channel.close();
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("cannot be completed", path, e);
    }
  }

  /** Removes the part. */
  void delete() throws StoreException {
    try {
      channel.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failed("cannot be removed", path, e);
    }
  }

  private static StoreException failed(String what, Path path, IOException e) {
    return new StoreException(path + ": " + what + ": " + Failures.reason(e), e);
  }

  @Override
  public void close() throws StoreException {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed("cannot be closed", path, e);
    }
  }
}
