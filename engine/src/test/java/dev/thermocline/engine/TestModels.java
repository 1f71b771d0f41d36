package dev.thermocline.engine;

import dev.thermocline.engine.synthetic.SyntheticModel;
import dev.thermocline.engine.synthetic.SyntheticShape;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Tiny models with random weights, written as files: one of every kind of block. */
public final class TestModels {
  private static final int WIDTH = 64;
  private static final int NEURONS = 160;
  private static final int VOCABULARY = 300;
  private static final int LAYERS = 3;

  private final SplittableRandom random;
  private final GgufWriter writer;
  private final EncodableFormat format;

  private TestModels(GgufWriter writer, EncodableFormat format, long seed) {
    this.writer = writer;
    this.format = format;
    this.random = new SplittableRandom(seed);
  }

  /** Llama with a ReLU gate, neuron-major, a tenth of the neurons active. */
  public static Path reglu(Path folder, EncodableFormat format) throws IOException {
    Path file = folder.resolve("reglu-" + format + ".gguf");
    SyntheticModel.write(SyntheticShape.of("tiny-reglu"), format, 0.1, file);
    return file;
  }

  /** Llama with SiLU: dense. */
  public static Path swiglu(Path folder, EncodableFormat format) throws IOException {
    Path file = folder.resolve("swiglu-" + format + ".gguf");
    SyntheticModel.write(SyntheticShape.of("tiny-llama"), format, 0.1, file);
    return file;
  }

  /** PowerInfer's layout, with predictors that choose about half of the neurons. */
  public static Path powerInfer(Path folder, EncodableFormat format) throws IOException {
    TestModels model = new TestModels(GgufWriter.powerInfer(), format, 7);
    model.header("llama", "attention.layer_norm_rms_epsilon");
    model.attention(false);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "blk." + layer + ".";
      model.matrix(prefix + "ffn_gate.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "ffn_up.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "ffn_down_t.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "fc1.weight", 32, WIDTH, 0.1);
      model.matrix(prefix + "fc2.weight", NEURONS, 32, 0.1);
    }
    Path file = folder.resolve("pwri-" + format + ".gguf");
    model.writer.write(file);
    return file;
  }

  /** A model whose first logits are the final hidden state itself. */
  static Path readable(Path folder, int poolingType) throws IOException {
    TestModels model = new TestModels(new GgufWriter(), TensorFormats.F32, 11);
    model.header("llama", "attention.layer_norm_rms_epsilon");
    model.writer.put("llama.pooling_type", poolingType);
    model.attention(false, () -> model.identity("output.weight"));
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "blk." + layer + ".";
      model.matrix(prefix + "ffn_gate.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "ffn_up.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "ffn_down.weight", WIDTH, NEURONS, 0.1);
    }
    Path file = folder.resolve("readable-" + poolingType + ".gguf");
    model.writer.write(file);
    return file;
  }

  /** Nemotron: LayerNorm with bias, ungated squared ReLU, partly rotated heads. */
  public static Path nemotron(Path folder, EncodableFormat format) throws IOException {
    TestModels model = new TestModels(new GgufWriter(), format, 9);
    model.header("nemotron", "attention.layer_norm_epsilon");
    model.attention(true);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "blk." + layer + ".";
      model.matrix(prefix + "ffn_up.weight", NEURONS, WIDTH, 0.1);
      model.matrix(prefix + "ffn_down.weight", WIDTH, NEURONS, 0.1);
    }
    Path file = folder.resolve("nemotron-" + format + ".gguf");
    model.writer.write(file);
    return file;
  }

  private void header(String architecture, String epsilonKey) {
    writer
        .put("general.architecture", architecture)
        .put("general.name", "tiny " + architecture)
        .put(architecture + ".context_length", 128)
        .put(architecture + ".embedding_length", WIDTH)
        .put(architecture + ".block_count", LAYERS)
        .put(architecture + ".feed_forward_length", NEURONS)
        .put(architecture + ".attention.head_count", 4)
        .put(architecture + ".attention.head_count_kv", 2)
        .put(architecture + ".rope.dimension_count", architecture.equals("llama") ? 16 : 8)
        .put(architecture + "." + epsilonKey, 1e-5f)
        .put(architecture + ".vocab_size", VOCABULARY);
  }

  private void attention(boolean layerNorm) {
    attention(layerNorm, () -> matrix("output.weight", VOCABULARY, WIDTH, 0.3));
  }

  private void attention(boolean layerNorm, Runnable output) {
    matrix("token_embd.weight", VOCABULARY, WIDTH, 1);
    output.run();
    norm("output_norm", layerNorm);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "blk." + layer + ".";
      norm(prefix + "attn_norm", layerNorm);
      norm(prefix + "ffn_norm", layerNorm);
      matrix(prefix + "attn_q.weight", WIDTH, WIDTH, 0.15);
      matrix(prefix + "attn_k.weight", WIDTH / 2, WIDTH, 0.15);
      matrix(prefix + "attn_v.weight", WIDTH / 2, WIDTH, 0.15);
      matrix(prefix + "attn_output.weight", WIDTH, WIDTH, 0.15);
    }
  }

  private void norm(String name, boolean bias) {
    vector(name + ".weight", 1);
    if (bias) {
      vector(name + ".bias", 0);
    }
  }

  private void vector(String name, double mean) {
    tensor(name, TensorFormats.F32, 1, WIDTH, mean, 0.1);
  }

  private void matrix(String name, int rows, int cols, double deviation) {
    tensor(name, format, rows, cols, 0, deviation);
  }

  private void identity(String name) {
    float[] values = new float[VOCABULARY * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i * WIDTH + i] = 1;
    }
    write(name, TensorFormats.F32, VOCABULARY, WIDTH, values);
  }

  private void tensor(
      String name, EncodableFormat as, int rows, int cols, double mean, double deviation) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + random.nextGaussian() * deviation);
    }
    write(name, as, rows, cols, values);
  }

  private void write(String name, EncodableFormat as, int rows, int cols, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate(as.bytes(values.length), 64);
    as.encode(values, 0, values.length, data, 0);
    writer.tensor(new Tensor(name, as, new Shape(rows, cols), data));
  }
}
