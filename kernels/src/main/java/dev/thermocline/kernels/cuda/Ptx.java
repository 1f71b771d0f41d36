package dev.thermocline.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Text of a module in NVIDIA's portable assembly and the signatures of its kernels. {@link
 * #resource} reads one that ships in this module, built by {@code build-ptx.sh}.
 */
public final class Ptx {

  private final String name;
  private final String text;
  private final Map<String, PtxKernel> kernels;

  private Ptx(String name, String text) {
    this.name = name;
    this.text = text;
    this.kernels = PtxParser.kernels(name, text);
  }

  /** Parses PTX that did not come from this module's resources. */
  public static Ptx parse(String name, String text) {
    return new Ptx(name, text);
  }

  /**
   * Reads the PTX of {@code src/main/cuda/<family>.cu}.
   *
   * @param family a name such as {@code vector}
   */
  public static Ptx resource(String family) {
    String file = family + ".ptx";
    try (InputStream in = Ptx.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no CUDA kernels named " + family + " in this build");
      }
      return new Ptx(file, new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** For messages. */
  public String name() {
    return name;
  }

  /** The text. */
  public String text() {
    return text;
  }

  /** Kernels by name. */
  public Map<String, PtxKernel> kernels() {
    return kernels;
  }

  /**
   * The kernel of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  PtxKernel kernel(String kernel) {
    PtxKernel found = kernels.get(kernel);
    if (found == null) {
      throw new IllegalArgumentException(
          "%s: no kernel %s, it has %s".formatted(name, kernel, kernels.keySet()));
    }
    return found;
  }
}
