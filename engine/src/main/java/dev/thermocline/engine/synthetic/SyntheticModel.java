package dev.thermocline.engine.synthetic;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes models with generated weights: random, so that nothing about speed depends on their
 * values, except that a ReGLU shape has gate biases planted so that neuron i fires with a
 * probability drawn from a power law whose mean is the wanted density. Deterministic.
 */
public final class SyntheticModel {
  private final SyntheticShape shape;
  private final EncodableFormat format;
  private final double density;
  private final GgufWriter writer;

  private SyntheticModel(SyntheticShape shape, EncodableFormat format, double density) {
    this.shape = shape;
    this.format = format;
    this.density = density;
    this.writer = new GgufWriter();
  }

  /**
   * Writes a file.
   *
   * @param density mean share of active neurons of a ReGLU shape, above 0 and below 1
   */
  public static void write(
      SyntheticShape shape, EncodableFormat format, double density, Path target)
      throws IOException {
    if (!(density > 0 && density < 1)) {
      throw new IllegalArgumentException(
          "density: expected a number between 0 and 1, got " + density);
    }
    SyntheticModel model = new SyntheticModel(shape, format, density);
    model.metadata();
    model.tensors();
    model.writer.write(target);
  }

  private void metadata() {
    writer
        .put("general.architecture", "llama")
        .put("general.name", "synthetic " + shape.name() + " " + format)
        .put("llama.context_length", 4096)
        .put("llama.embedding_length", shape.nEmbd())
        .put("llama.block_count", shape.nLayer())
        .put("llama.feed_forward_length", shape.nFf())
        .put("llama.attention.head_count", shape.nHead())
        .put("llama.attention.head_count_kv", shape.nKvHead())
        .put("llama.rope.dimension_count", shape.nEmbd() / shape.nHead())
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .put("llama.vocab_size", shape.nVocab());
    vocabulary();
  }

  /**
   * Enough of a tokenizer for any engine to load the file: control tokens, bytes, then numbered
   * words.
   */
  private void vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    for (int i = 0; i < 256; i++) {
      tokens.add(String.format("<0x%02X>", i));
      types.add(6);
    }
    while (tokens.size() < shape.nVocab()) {
      tokens.add("w" + tokens.size());
      types.add(1);
    }
    float[] scores = new float[tokens.size()];
    for (int i = 259; i < scores.length; i++) {
      scores[i] = -i;
    }
    writer
        .put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", GgufValue.strings(tokens))
        .put("tokenizer.ggml.scores", GgufValue.floats(scores))
        .put(
            "tokenizer.ggml.token_type",
            GgufValue.ints(types.stream().mapToInt(Integer::intValue).toArray()))
        .put("tokenizer.ggml.bos_token_id", 1)
        .put("tokenizer.ggml.eos_token_id", 2);
  }

  private void tensors() {
    int width = shape.nEmbd();
    int kvWidth = width / shape.nHead() * shape.nKvHead();
    matrix("token_embd.weight", shape.nVocab(), width);
    for (int layer = 0; layer < shape.nLayer(); layer++) {
      String prefix = "blk." + layer + ".";
      ones(prefix + "attn_norm.weight");
      matrix(prefix + "attn_q.weight", width, width);
      matrix(prefix + "attn_k.weight", kvWidth, width);
      matrix(prefix + "attn_v.weight", kvWidth, width);
      matrix(prefix + "attn_output.weight", width, width);
      ones(prefix + "ffn_norm.weight");
      matrix(prefix + "ffn_gate.weight", shape.nFf(), width);
      matrix(prefix + "ffn_up.weight", shape.nFf(), width);
      if (shape.relu()) {
        // Neuron-major, as PowerInfer stores it: this is what makes the gate a ReLU.
        matrix(prefix + "ffn_down_t.weight", shape.nFf(), width);
        gateBias(prefix + "ffn_gate.bias", layer);
      } else {
        matrix(prefix + "ffn_down.weight", width, shape.nFf());
      }
    }
    ones("output_norm.weight");
    matrix("output.weight", shape.nVocab(), width);
  }

  private void matrix(String name, int rows, int cols) {
    writer.tensor(
        name,
        format,
        new Shape(rows, cols),
        new RandomWeights(format, (long) rows * cols, name.hashCode()));
  }

  private void ones(String name) {
    float[] values = new float[shape.nEmbd()];
    java.util.Arrays.fill(values, 1f);
    floats(name, values);
  }

  private void gateBias(String name, int layer) {
    // A normed input has unit mean square, so a gate's pre-activation spreads by its row's norm.
    double spread = RandomWeights.spread(format) * Math.sqrt(shape.nEmbd());
    floats(name, PlantedActivity.biases(shape.nFf(), density, spread, layer));
  }

  private void floats(String name, float[] values) {
    writer.tensor(name, TensorFormats.F32, new Shape(1, values.length), new FloatSource(values));
  }
}
