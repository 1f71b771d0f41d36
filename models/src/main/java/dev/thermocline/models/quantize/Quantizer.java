package dev.thermocline.models.quantize;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.gguf.GgmlType;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Writes a model in other formats. Matrices are converted; norms, biases, routers and matrices that
 * are quantized already to as few bits stay as they are. The same source gives the same bytes at
 * any number of threads.
 */
public final class Quantizer {
  /** Version of the block formats, since they have their present shape. */
  private static final int FORMAT_VERSION = 2;

  /** What described the source's own file, not the model. */
  private static final Set<String> DROPPED =
      Set.of("general.alignment", "split.no", "split.count", "split.tensors.count");

  private final GgufFile source;
  private final QuantizationType type;
  private final WorkerPool pool;
  private final Map<String, RowEncoder> encoders = new LinkedHashMap<>();

  /** The caller keeps and closes {@code source} and {@code pool}. */
  public Quantizer(GgufFile source, QuantizationType type, WorkerPool pool) {
    this.source = source;
    this.type = type;
    this.pool = pool;
  }

  /**
   * Writes {@code target}, replacing it at the very end, and returns what became of each tensor.
   *
   * @param progress told how many bytes of tensors of the source have been dealt with since
   * @throws IOException if writing fails; {@code target} is then as it was
   */
  public List<QuantizedTensor> write(Path target, LongConsumer progress) throws IOException {
    encoders.clear();
    GgufWriter writer = source.magic().equals("PWRI") ? GgufWriter.powerInfer() : new GgufWriter();
    copyMetadata(writer);
    TensorChoice choice = new TensorChoice(source, type);
    List<GgmlType> types = new ArrayList<>();
    for (GgufTensorInfo tensor : source.tensors()) {
      types.add(add(writer, tensor, choice.of(tensor), progress));
    }
    writer.write(target);
    return report(types);
  }

  private void copyMetadata(GgufWriter writer) {
    for (String key : source.metadata().keys()) {
      if (!DROPPED.contains(key)) {
        writer.put(key, GgufValue.copy(source.metadata(), key));
      }
    }
    writer.put("general.file_type", type.fileType());
    writer.put("general.quantization_version", FORMAT_VERSION);
  }

  private GgmlType add(
      GgufWriter writer,
      GgufTensorInfo tensor,
      Optional<EncodableFormat> wanted,
      LongConsumer progress) {
    if (wanted.isPresent() && wanted.get().ggufId() != tensor.typeId()) {
      GgmlType target = GgmlType.byId(wanted.get().ggufId()).orElseThrow();
      RowEncoder encoder =
          new RowEncoder(source.tensor(tensor.name()), wanted.get(), pool, progress);
      encoders.put(tensor.name(), encoder);
      writer.tensor(tensor.name(), target, tensor.dimensions(), encoder);
      return target;
    }
    GgmlType same = known(tensor);
    writer.tensor(
        tensor.name(),
        same,
        tensor.dimensions(),
        channel -> {
          GgufWriter.writeSegment(channel, source.bytes(tensor.name()));
          progress.accept(tensor.bytes());
        });
    return same;
  }

  private static GgmlType known(GgufTensorInfo tensor) {
    return GgmlType.byId(tensor.typeId())
        .orElseThrow(() ->
            new GgufFormatException(
                tensor.name(), tensor.offset(), tensor.typeName() + " cannot be copied"));
  }

  private List<QuantizedTensor> report(List<GgmlType> types) {
    List<QuantizedTensor> report = new ArrayList<>();
    for (GgufTensorInfo tensor : source.tensors()) {
      GgmlType written = types.get(report.size());
      RowEncoder encoder = encoders.get(tensor.name());
      long bytes = tensor.elements() / written.blockElements() * written.blockBytes();
      RequantizationLoss loss = encoder == null ? RequantizationLoss.NONE : encoder.loss();
      report.add(new QuantizedTensor(tensor, written.name(), bytes, loss));
    }
    return report;
  }
}
