package dev.thermocline.bench.engine;

import dev.thermocline.engine.synthetic.SyntheticModel;
import dev.thermocline.engine.synthetic.SyntheticShape;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model to measure, and the file it was generated into, deleted at the end. */
final class BenchModel implements AutoCloseable {
  private static final double DENSITY = 0.1;

  private final Model model;
  private final @Nullable Path generated;

  private BenchModel(Model model, @Nullable Path generated) {
    this.model = model;
    this.generated = generated;
  }

  /**
   * Opens a model.
   *
   * @param name {@code default}, or a synthetic shape, which gets Q4_0 weights and, with ReGLU, a
   *     tenth of its neurons active
   */
  static BenchModel open(String name) throws IOException {
    if (name.equals("default")) {
      return new BenchModel(Model.openDefault(), null);
    }
    SyntheticShape shape = SyntheticShape.of(name);
    Path file = Files.createTempFile("thermocline-bench", ".gguf");
    try {
      SyntheticModel.write(shape, TensorFormats.Q4_0, DENSITY, file);
      return new BenchModel(Model.open(file), file);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  Model model() {
    return model;
  }

  @Override
  public void close() throws IOException {
    model.close();
    if (generated != null) {
      Files.deleteIfExists(generated);
    }
  }
}
