package dev.thermocline.models.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the file of a model by what people call it. Asks no network. */
public final class ModelNames {
  private ModelNames() {}

  /**
   * A file that exists, a name from the store, or what {@code pull} would get, if it is here.
   *
   * @throws StoreException if it is not, saying how to get it
   */
  public static Path path(String model) throws IOException {
    boolean remote = model.matches("(?i)(hf:|https?://|(www\\.)?(huggingface|hf)\\.co/).*");
    Path file = remote ? null : file(model);
    if (file != null && (Files.exists(file) || isWrittenAsPath(model))) {
      return file;
    }
    ModelStore store = new ModelStore(StoreSettings.ofEnvironment());
    if (remote) {
      ModelReference reference = ModelReference.parse(model, store.settings().endpoint());
      return found(
          store.find(reference),
          model + ": not in the store; thermocline pull " + model + " gets it");
    }
    return found(
        store.find(model),
        model
            + ": no such file, and no such model in the store; thermocline list shows those that"
            + " are, thermocline pull hf:owner/repo gets one");
  }

  private static Path found(Optional<StoredModel> model, String otherwise) throws StoreException {
    return model.map(StoredModel::path).orElseThrow(() -> new StoreException(otherwise));
  }

  private static @Nullable Path file(String model) {
    try {
      return Path.of(model);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static boolean isWrittenAsPath(String model) {
    return model.endsWith(".gguf") && !model.contains(":")
        || model.startsWith("/")
        || model.startsWith(".")
        || model.contains("\\");
  }
}
