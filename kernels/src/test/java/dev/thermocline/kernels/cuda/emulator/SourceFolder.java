package dev.thermocline.kernels.cuda.emulator;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Source files that travel as resources, in a folder or in a jar. */
final class SourceFolder {

  private SourceFolder() {}

  /**
   * Copies the files that lie beside a resource.
   *
   * @param owner class whose package {@code resource} is relative to
   */
  static void copy(Class<?> owner, String resource, Path target) throws IOException {
    URL url = owner.getResource(resource);
    if (url == null) {
      throw new IOException("no resource " + resource + " beside " + owner.getName());
    }
    URI uri;
    try {
      uri = url.toURI();
    } catch (URISyntaxException e) {
      throw new IOException(url.toString(), e);
    }
    if (uri.getScheme().equals("file")) {
      copySiblings(Path.of(uri), target);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      String inside = uri.toString().substring(uri.toString().indexOf("!/") + 1);
      copySiblings(jar.getPath(inside), target);
    }
  }

  private static void copySiblings(Path file, Path target) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    try (var files = Files.list(folder)) {
      for (Path source : files.filter(SourceFolder::isSource).toList()) {
        Path name = source.getFileName();
        if (name != null) {
          Files.copy(source, target.resolve(name.toString()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static boolean isSource(Path file) {
    return file.toString().matches(".*\\.(cu|cuh|cpp|h|inc|map)");
  }
}
