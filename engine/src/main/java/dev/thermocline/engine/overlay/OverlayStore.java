package dev.thermocline.engine.overlay;

import dev.thermocline.models.Model;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.gguf.GgufWriter;
import dev.thermocline.predictor.overlay.EncodedOverlay;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.overlay.OverlayCodec;
import dev.thermocline.predictor.overlay.OverlayException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Overlays as GGUF files beside their models. An overlay that was read keeps its file mapped until
 * the process ends: selectors read their weights there.
 */
public final class OverlayStore {
  private static final System.Logger LOG = System.getLogger(OverlayStore.class.getName());

  private OverlayStore() {}

  /** Where the overlay of a model file lies: {@code model.gguf.thermo}. */
  public static Path path(Path model) {
    return model.resolveSibling(model.getFileName() + ".thermo");
  }

  /**
   * The overlay beside a model, if there is one that fits; a bad one is refused in one line of log.
   */
  public static Optional<Overlay> find(Model model) {
    Path path = path(model.path());
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(path, ModelDigest.of(model.path())));
    } catch (OverlayException | GgufFormatException | IOException e) {
      LOG.log(Level.WARNING, "{0} is not used: {1}", path.getFileName(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Reads an overlay.
   *
   * @param modelDigest of the model that it is to be used with
   * @throws OverlayException if it is stale or damaged
   * @throws GgufFormatException if the container is damaged
   */
  public static Overlay read(Path path, String modelDigest) throws IOException, OverlayException {
    GgufFile file = GgufFile.open(path);
    try {
      return OverlayCodec.decode(encoded(file), modelDigest);
    } catch (OverlayException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static EncodedOverlay encoded(GgufFile file) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String key : file.metadata().keys()) {
      metadata.put(key, MetadataValues.read(file.metadata(), key));
    }
    List<dev.thermocline.kernels.Tensor> tensors = new ArrayList<>();
    for (GgufTensorInfo info : file.tensors()) {
      tensors.add(file.tensor(info.name()));
    }
    return new EncodedOverlay(metadata, tensors);
  }

  /** Writes an overlay; an older one is replaced at once, never half. */
  public static void write(Overlay overlay, Path path) throws IOException {
    EncodedOverlay encoded = OverlayCodec.encode(overlay);
    GgufWriter writer = new GgufWriter();
    encoded.metadata().forEach((key, value) -> writer.put(key, MetadataValues.write(value)));
    encoded.tensors().forEach(writer::tensor);
    writer.write(path);
  }
}
