package dev.thermocline.kernels.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * Finds and loads NVIDIA's optional libraries: from the system, from bytedeco's {@code cuda-redist}
 * packages if they are on the class path (Maven profile {@code cuda-redist}), or from an installed
 * toolkit. Everything works without them.
 *
 * <p>Once a library is loaded from wherever, whoever asks the system for it by name gets it; that
 * is how JCuda finds it. Bytedeco's own classes are not used: all of them need the driver to load,
 * the compiler among them, which needs none.
 */
public final class CudaLibraries {

  private static final String PACKAGED = "/org/bytedeco/cuda/linux-x86_64/";
  private static final Map<Library, Optional<String>> FOUND = new EnumMap<>(Library.class);

  private CudaLibraries() {}

  /** The libraries that something here can use. */
  public enum Library {
    /** Dense products; NVIDIA's library of that name and its lighter half. */
    CUBLAS("libcublasLt.so.12", "libcublas.so.12"),
    /** The run-time compiler. It opens its built-in functions by name, so they come first. */
    NVRTC("libnvrtc-builtins.so.12", "libnvrtc.so.12"),
    /** Memory, clocks and temperatures; comes with the driver. */
    NVML("", "libnvidia-ml.so.1");

    private final String part;
    private final String file;

    /** The part, where there is one, must be loaded before the library itself. */
    Library(String part, String file) {
      this.part = part;
      this.file = file;
    }

    /** Name under which the system knows it once it is loaded. */
    String file() {
      return file;
    }
  }

  /**
   * Loads a library.
   *
   * @return where it came from, for people, or empty if there is none
   */
  public static synchronized Optional<String> load(Library library) {
    // Not computeIfAbsent: loading may take seconds and must not be repeated for a miss either.
    Optional<String> known = FOUND.get(library);
    if (known == null) {
      known = find(library);
      FOUND.put(library, known);
    }
    return known;
  }

  private static Optional<String> find(Library library) {
    if (NativeLibrary.find(library.file()).isPresent()) {
      return Optional.of("the system");
    }
    if (loadAll(library, CudaLibraries::packaged)) {
      return Optional.of("the cuda-redist package");
    }
    for (Path folder : toolkits()) {
      if (loadAll(library, file -> installed(folder, file))) {
        return Optional.of(folder.toString());
      }
    }
    return Optional.empty();
  }

  /** A place to look for a file; names may continue with a minor version. */
  private interface Place {
    Optional<Path> find(String file);
  }

  private static boolean loadAll(Library library, Place place) {
    if (!library.part.isEmpty()) {
      loadFrom(place, library.part);
    }
    return loadFrom(place, library.file);
  }

  private static boolean loadFrom(Place place, String file) {
    Optional<Path> path = place.find(file);
    return path.isPresent() && NativeLibrary.find(path.get().toString()).isPresent();
  }

  private static Optional<Path> packaged(String file) {
    for (String name : packagedNames(file)) {
      if (CudaLibraries.class.getResource(PACKAGED + name) == null) {
        continue;
      }
      try {
        File cached = Loader.cacheResource(PACKAGED + name);
        return Optional.ofNullable(cached).map(File::toPath);
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Resources cannot be listed, so the versions that exist are tried. */
  private static List<String> packagedNames(String file) {
    List<String> names = new ArrayList<>();
    names.add(file);
    for (int minor = 9; minor >= 0; minor--) {
      names.add(file + "." + minor);
    }
    return names;
  }

  private static Optional<Path> installed(Path folder, String file) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file + "*")) {
      for (Path found : files) {
        return Optional.of(found);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Library folders of installed toolkits, those that the user points at first. */
  private static List<Path> toolkits() {
    List<Path> folders = new ArrayList<>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = System.getenv(variable);
      if (home != null) {
        folders.add(Path.of(home, "lib64"));
      }
    }
    folders.add(Path.of("/usr/local/cuda-12/lib64"));
    folders.add(Path.of("/usr/local/cuda/lib64"));
    folders.removeIf(folder -> !Files.isDirectory(folder));
    return folders;
  }
}
