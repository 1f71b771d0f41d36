package dev.thermocline.cli;

import dev.thermocline.models.DefaultModel;
import dev.thermocline.models.Model;
import dev.thermocline.models.store.ModelNames;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The model that a command works on. */
final class ModelArgument {
  /** What stands for the embedded model on the command line. */
  static final String DEFAULT = "default";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A GGUF file or a name from the store; the embedded story model if left out.")
  private @Nullable String model;

  Model open() throws IOException {
    return Model.open(path());
  }

  Path path() throws IOException {
    return path(model);
  }

  static Path path(@Nullable String model) throws IOException {
    return model == null || model.equals(DEFAULT) ? DefaultModel.path() : ModelNames.path(model);
  }
}
