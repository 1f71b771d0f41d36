package dev.thermocline.models;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The model that is part of this program, as a file: where the program runs from a folder the
 * resource itself, else a copy in the user's cache, unpacked once.
 */
public final class DefaultModel {
  static final String NAME = "hearth-story-5m-q8_0.gguf";
  static final String SHA256 = "a11dc28245c2297d8ca086d2da5fb49d61d3760ccdf5769cbfb99a8bcc81785e";

  /** For every start: the JVM computes it at once, a SHA-256 only after a warm-up of 0.4 s. */
  private static final long CHECKSUM = 0xa614643eL;

  private DefaultModel() {}

  public static Path path() throws IOException {
    URL resource = DefaultModel.class.getResource(NAME);
    if (resource == null) {
      throw new FileNotFoundException("the default model " + NAME + " is not in this build");
    }
    if (resource.getProtocol().equals("file")) {
      try {
        return Path.of(resource.toURI());
      } catch (URISyntaxException e) {
        throw new IOException("the default model has the odd address " + resource, e);
      }
    }
    return unpack(resource, UserCache.folder());
  }

  /** The copy in {@code folder}, written first where it is missing or damaged. */
  static Path unpack(URL resource, Path folder) throws IOException {
    // The digest in the path keeps the models of different versions apart.
    Path target = folder.resolve("models").resolve(SHA256.substring(0, 12)).resolve(NAME);
    if (Files.isRegularFile(target) && checksum(target) == CHECKSUM) {
      return target;
    }
    Files.createDirectories(target.getParent());
    Path part = Files.createTempFile(target.getParent(), NAME, ".part");
    try {
      try (InputStream in = resource.openStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      String found = digest(part);
      if (!found.equals(SHA256)) {
        throw new IOException(
            "default model in this build: expected SHA-256 " + SHA256 + ", got " + found);
      }
      // Other processes see the whole file or none, whichever of them is faster.
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    return target;
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
      }
    }
    return crc.getValue();
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        sha.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
