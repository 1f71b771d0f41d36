package dev.thermocline.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Gives JCuda its native libraries from a folder that is the user's own.
 *
 * <p>JCuda itself looks on {@code java.library.path} and then in the temporary folder, under a
 * fixed name, and loads whatever lies there: another user's file, or one half written by a process
 * that started at the same time. So the libraries are unpacked here, whole or not at all, and the
 * property that JCuda takes the temporary folder from is set to our folder while a JCuda class is
 * initialised. The JDK reads that property once, before, so nobody else sees the change.
 */
final class JCudaNatives {

  /** As in the names of the libraries. */
  private static final String VERSION = "12.6.0";

  private static final String TEMPORARY_FOLDER = "java.io.tmpdir";
  private static final Set<String> LOADED = new HashSet<>();

  private JCudaNatives() {}

  /** Whether there are libraries for this operating system and processor. */
  static boolean exist() {
    return JCudaNatives.class.getClassLoader().getResource("lib/" + file("JCudaDriver")) != null;
  }

  /**
   * Runs {@code firstUse}, which initialises the JCuda class of {@code library}, so that it finds
   * the library unpacked.
   *
   * @param library such as {@code JCudaDriver}
   * @throws UncheckedIOException if it cannot be unpacked
   * @throws CudaException if it does not fit to NVIDIA's library that it calls, such as a cuBLAS of
   *     another version
   */
  static synchronized void load(String library, Runnable firstUse) {
    if (LOADED.contains(library)) {
      return;
    }
    PrivateFolder folder;
    try {
      folder = PrivateFolder.open("jcuda-" + VERSION);
      Path file = unpack(library, folder.path());
      if (folder.temporary()) {
        file.toFile().deleteOnExit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + file(library), e);
    }
    String before = System.getProperty(TEMPORARY_FOLDER);
    System.setProperty(TEMPORARY_FOLDER, folder.path().toString());
    try {
      firstUse.run();
    } catch (LinkageError e) {
      CudaException failure = new CudaException("loading " + file(library), reason(e));
      failure.initCause(e);
      throw failure;
    } finally {
      System.setProperty(TEMPORARY_FOLDER, before);
    }
    LOADED.add(library);
  }

  /** What the linker said: JCuda puts the traces of all its attempts into the message. */
  private static String reason(LinkageError error) {
    String message = String.valueOf(error.getMessage());
    String mark = UnsatisfiedLinkError.class.getName() + ": ";
    int last = message.lastIndexOf(mark);
    return message.substring(last < 0 ? 0 : last + mark.length()).lines().findFirst().orElse("");
  }

  /** Writes the library into {@code folder} unless it is there already, byte for byte. */
  static Path unpack(String library, Path folder) throws IOException {
    String file = file(library);
    byte[] wanted;
    try (InputStream in = JCudaNatives.class.getClassLoader().getResourceAsStream("lib/" + file)) {
      if (in == null) {
        throw new IOException("this build has no " + file);
      }
      wanted = in.readAllBytes();
    }
    Path target = folder.resolve(file);
    if (Files.exists(target) && Arrays.equals(wanted, Files.readAllBytes(target))) {
      return target;
    }
    Path part = Files.createTempFile(folder, file, ".part");
    try {
      Files.write(part, wanted);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return target;
  }

  private static String file(String library) {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (processor.equals("amd64")) {
      processor = "x86_64";
    }
    String platform = (windows ? "windows-" : "linux-") + processor;
    String name = library + "-" + VERSION + "-" + platform;
    return windows ? name + ".dll" : "lib" + name + ".so";
  }
}
