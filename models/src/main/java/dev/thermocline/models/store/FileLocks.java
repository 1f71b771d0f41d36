package dev.thermocline.models.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two processes from fetching the same file: {@code .locks/REPOSITORY/NAME.lock}. */
final class FileLocks {
  private FileLocks() {}

  /**
   * Takes the lock of a file; closing the channel gives it back.
   *
   * @throws StoreException if somebody else holds it
   */
  static FileChannel take(Path lock, String subject) throws StoreException {
    try {
      Files.createDirectories(lock.getParent());
      FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel)) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw new StoreException(lock + ": cannot be locked: " + Failures.reason(e), e);
    }
    throw new StoreException(subject + ": is being pulled by another process");
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
