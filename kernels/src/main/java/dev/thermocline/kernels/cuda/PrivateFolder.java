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

/** Folders for files that only this user may have written, since code is loaded from them. */
final class PrivateFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FOREIGN_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private PrivateFolder() {}

  /**
   * Opens {@code thermocline/name} in the user's cache; where that cannot be written, a new folder
   * for this process among the temporary files.
   */
  static Path open(String name) throws IOException {
    try {
      return create(cache().resolve("thermocline").resolve(name));
    } catch (IOException e) {
      Path folder = Files.createTempDirectory("thermocline-" + name);
      folder.toFile().deleteOnExit();
      return folder;
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
