package dev.thermocline.kernels.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder for files that only this user may have written, since code is loaded from them.
 *
 * @param path where it is
 * @param temporary whether it goes when the process ends
 */
record PrivateFolder(Path path, boolean temporary) {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FOREIGN_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /**
   * Opens {@code thermocline/name} in the user's cache; where that cannot be written, a new folder
   * for this process among the temporary files.
   */
  static PrivateFolder open(String name) throws IOException {
    try {
      Path ours = create(cache().resolve("thermocline"));
      return new PrivateFolder(create(ours.resolve(name)), false);
    } catch (IOException e) {
      Path folder = Files.createTempDirectory("thermocline-");
      folder.toFile().deleteOnExit();
      return new PrivateFolder(folder, true);
    }
  }

  /** Creates the folder if need be and makes sure that nobody else can write to it. */
  static Path create(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      return folder;
    }
    Set<PosixFilePermission> permissions =
        EnumSet.copyOf(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
    permissions.retainAll(FOREIGN_WRITE);
    if (!permissions.isEmpty()) {
      throw new IOException(folder + " could be written by others");
    }
    // Fails where the folder is somebody else's.
    Files.setPosixFilePermissions(folder, OWNER_ONLY);
    return folder;
  }

  private static Path cache() {
    @Nullable String configured = System.getenv("XDG_CACHE_HOME");
    if (configured != null && Path.of(configured).isAbsolute()) {
      return Path.of(configured);
    }
    @Nullable String windows = System.getenv("LOCALAPPDATA");
    if (windows != null) {
      return Path.of(windows);
    }
    return Path.of(System.getProperty("user.home"), ".cache");
  }
}
