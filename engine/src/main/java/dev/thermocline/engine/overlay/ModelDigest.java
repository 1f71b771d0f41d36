package dev.thermocline.engine.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells model files apart: SHA-256 of the length and of the whole file up to 16 MiB, or of 256
 * pieces of 64 KiB spread evenly over a larger one, so that a start never reads gigabytes.
 */
public final class ModelDigest {
  private static final int PIECE = 64 << 10;
  private static final int PIECES = 256;

  private ModelDigest() {}

  /** The digest, 64 hexadecimal digits. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      long pieces = Math.min(PIECES, (size + PIECE - 1) / PIECE);
      boolean whole = size <= (long) PIECE * PIECES;
      for (long i = 0; i < pieces; i++) {
        long offset = whole ? i * PIECE : i * (size - PIECE) / (PIECES - 1);
        read(channel, offset, piece);
        digest.update(piece);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void read(FileChannel channel, long offset, ByteBuffer piece) throws IOException {
    piece.clear();
    int count = 1;
    while (piece.hasRemaining() && count > 0) {
      count = channel.read(piece, offset + piece.position());
    }
    piece.flip();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
