package dev.thermocline.models.quantize;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufTensorInfo;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which format a tensor is written in. The rules of the mixes are llama.cpp's, as its quantizer has
 * them for models of every architecture; they decide by name and layer.
 */
final class TensorChoice {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..*");

  /** Parts of the names of small tensors that routing, positions and predictors depend on. */
  private static final Set<String> KEPT =
      Set.of(
          "_norm.", "ffn_gate_inp", "position_embd", "token_types", "rope_freqs", ".fc1.", ".fc2.");

  private final QuantizationType type;
  private final boolean tied;
  private final boolean falcon;
  private final int layers;
  private final int experts;
  private final int valueTensors;
  private int valuesSeen;

  /** For the tensors of {@code source}, which are asked for once each, in the file's order. */
  TensorChoice(GgufFile source, QuantizationType type) {
    this.type = type;
    String architecture =
        source.metadata().contains("general.architecture")
            ? source.metadata().string("general.architecture")
            : "";
    this.falcon = architecture.equals("falcon");
    this.tied = !source.contains("output.weight");
    this.layers = (int) source.metadata().number(architecture + ".block_count", 0);
    this.experts = (int) source.metadata().number(architecture + ".expert_count", 0);
    this.valueTensors = (int) source.tensors().stream().filter(t -> isValue(t.name())).count();
  }

  private static boolean isValue(String name) {
    return name.endsWith("attn_v.weight") || name.endsWith("attn_qkv.weight");
  }

  /** The format to write, or nothing for a tensor that stays as it is. */
  Optional<EncodableFormat> of(GgufTensorInfo tensor) {
    String name = tensor.name();
    TensorFormat from = TensorFormats.byGgufId(tensor.typeId()).orElse(null);
    if (from == null
        || tensor.dimensions().size() < 2
        || !name.endsWith(".weight")
        || KEPT.stream().anyMatch(name::contains)) {
      return Optional.empty();
    }
    EncodableFormat wanted = type.mix() ? mixed(name) : type.format();
    EncodableFormat fitting = fitting(wanted, tensor.cols());
    return gains(from, fitting) ? Optional.of(fitting) : Optional.empty();
  }

  /** A quantized tensor is not made larger by quantizing it again. */
  private static boolean gains(TensorFormat from, EncodableFormat to) {
    boolean elements = from.blockElements() == 1 || to.blockElements() == 1;
    return elements
        || (double) from.blockBytes() / from.blockElements()
            > (double) to.blockBytes() / to.blockElements();
  }

  /** What holds rows of this length: the nearest format with smaller blocks where needed. */
  private static EncodableFormat fitting(EncodableFormat wanted, long cols) {
    if (cols % wanted.blockElements() == 0) {
      return wanted;
    }
    if (cols % 32 != 0) {
      return TensorFormats.F16;
    }
    return wanted == TensorFormats.Q4_K
        ? TensorFormats.Q5_0
        : wanted == TensorFormats.Q5_K ? TensorFormats.Q5_1 : TensorFormats.Q8_0;
  }

  private EncodableFormat mixed(String name) {
    if (name.equals("output.weight") || (tied && name.equals("token_embd.weight"))) {
      return falcon ? TensorFormats.Q8_0 : TensorFormats.Q6_K;
    }
    if (name.contains("attn_v.weight")) {
      return value(valuesSeen++);
    }
    if (name.contains("attn_k.weight") && experts == 8) {
      return TensorFormats.Q8_0;
    }
    if (name.contains("ffn_down")) {
      return down(layer(name));
    }
    if (name.contains("attn_qkv.weight") && moreForMedium()) {
      valuesSeen++;
      return type == QuantizationType.Q4_K_M ? TensorFormats.Q5_K : TensorFormats.Q6_K;
    }
    boolean four = type.format() == TensorFormats.Q4_K;
    return name.contains("attn_output.weight") && experts == 8 && four && !falcon
        ? TensorFormats.Q5_K
        : type.format();
  }

  private boolean moreForMedium() {
    return type == QuantizationType.Q4_K_M || type == QuantizationType.Q5_K_M;
  }

  private EncodableFormat value(int index) {
    if (experts == 8) {
      // They are small beside eight experts.
      return TensorFormats.Q8_0;
    }
    if (moreForMedium() && needsMore(index, valueTensors)) {
      return TensorFormats.Q6_K;
    }
    // In the models of 80 layers eight heads share one value head.
    boolean shared = layers == 80 && type.format() == TensorFormats.Q4_K;
    boolean early = type == QuantizationType.Q4_K_S && index < 4;
    return shared || early ? TensorFormats.Q5_K : type.format();
  }

  private EncodableFormat down(int layer) {
    if (type == QuantizationType.Q4_K_M && falcon) {
      return layer < layers / 16
          ? TensorFormats.Q6_K
          : needsMore(layer, layers) ? TensorFormats.Q5_K : TensorFormats.Q4_K;
    }
    if (moreForMedium() && needsMore(layer, layers)) {
      return TensorFormats.Q6_K;
    }
    boolean early = type == QuantizationType.Q4_K_S && layer < layers / 8;
    return early ? TensorFormats.Q5_K : type.format();
  }

  /** The first and last eighth of the layers, and every third between. */
  private static boolean needsMore(int index, int count) {
    return index < count / 8 || index >= 7 * count / 8 || (index - count / 8) % 3 == 2;
  }

  private static int layer(String name) {
    Matcher matcher = LAYER.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
