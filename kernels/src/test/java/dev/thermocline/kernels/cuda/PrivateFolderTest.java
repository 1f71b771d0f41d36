package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {

  @TempDir Path temporary;

  @Test
  void nobodyElseMayEnter() throws IOException {
    Path folder = PrivateFolder.create(temporary.resolve("a/b"));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void aFolderThatOthersCouldWriteIsRefused() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException e = assertThrows(IOException.class, () -> PrivateFolder.create(folder));
    assertTrue(e.getMessage().contains("could be written by others"), e.getMessage());
  }

  @Test
  void nativesAreReplacedWhenTheyDiffer() throws IOException {
    Path folder = PrivateFolder.create(temporary.resolve("natives"));
    Path library = JCudaNatives.unpack("JCudaDriver", folder);
    byte[] original = Files.readAllBytes(library);
    Files.write(library, new byte[] {1, 2, 3});
    assertEquals(library, JCudaNatives.unpack("JCudaDriver", folder));
    assertEquals(-1, Files.mismatch(library, Files.write(temporary.resolve("copy"), original)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }
}
