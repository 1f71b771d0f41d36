package dev.thermocline.models;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes tiny models with random weights; every field may be changed before {@link #write}. */
public final class TinyModel {
  public String architecture = "llama";
  public int nLayer = 2;
  public int nEmbd = 32;
  public int nHead = 4;
  public int nKvHead = 2;
  public int headSize = 8;
  public int nFf = 64;
  public int nVocab = 291;
  public int contextLength = 128;
  public int ropeDimensions = 8;
  public float ropeBase = 10000;
  public float ropeLinear = 1;
  public float[] ropeFactors = {};
  public boolean tied;
  public boolean biases;
  public boolean powerInfer;
  public EncodableFormat format = TensorFormats.F32;
  public long seed = 1;

  private Random random = new Random(0);

  public static TinyModel llama() {
    return new TinyModel();
  }

  public static TinyModel nemotron() {
    TinyModel model = new TinyModel();
    model.architecture = "nemotron";
    model.ropeDimensions = 4;
    return model;
  }

  public boolean gated() {
    return architecture.equals("llama");
  }

  public Path write(Path folder) throws IOException {
    Path file = folder.resolve("tiny-" + seed + ".gguf");
    writer().write(file);
    return file;
  }

  /** A writer that holds the whole model. */
  public GgufWriter writer() {
    random = new Random(seed);
    GgufWriter out = powerInfer ? GgufWriter.powerInfer() : new GgufWriter();
    putKeys(out);
    putTokenizer(out);
    matrix(out, "token_embd", nVocab, nEmbd);
    if (!tied) {
      matrix(out, "output", nVocab, nEmbd);
    }
    norm(out, "output_norm");
    if (ropeFactors.length > 0) {
      vector(out, "rope_freqs.weight", ropeFactors);
    }
    for (int layer = 0; layer < nLayer; layer++) {
      putLayer(out, "blk." + layer + ".");
    }
    return out;
  }

  private void putKeys(GgufWriter out) {
    String a = architecture + ".";
    out.put("general.architecture", architecture)
        .put(a + "block_count", nLayer)
        .put(a + "embedding_length", nEmbd)
        .put(a + "attention.head_count", nHead)
        .put(a + "attention.head_count_kv", nKvHead)
        .put(a + "attention.key_length", headSize)
        .put(a + "attention.value_length", headSize)
        .put(a + "feed_forward_length", nFf)
        .put(a + "context_length", contextLength)
        .put(a + "rope.dimension_count", ropeDimensions)
        .put(a + "rope.freq_base", ropeBase)
        .put(a + "attention.layer_norm" + (gated() ? "_rms_epsilon" : "_epsilon"), 1e-5f);
    if (ropeLinear != 1) {
      out.put(a + "rope.scaling.type", "linear").put(a + "rope.scaling.factor", ropeLinear);
    }
  }

  private void putTokenizer(GgufWriter out) {
    List<String> texts = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      texts.add(String.format("<0x%02X>", b));
    }
    for (int i = texts.size(); i < nVocab; i++) {
      texts.add(i % 2 == 0 ? "\u2581t" + i : Character.toString('a' + i % 26));
    }
    int[] types = new int[texts.size()];
    float[] scores = new float[texts.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1;
      scores[i] = i < 259 ? 0 : -i;
    }
    out.put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", GgufValue.strings(texts))
        .put("tokenizer.ggml.scores", GgufValue.floats(scores))
        .put("tokenizer.ggml.token_type", GgufValue.ints(types))
        .put("tokenizer.ggml.bos_token_id", 1)
        .put("tokenizer.ggml.eos_token_id", 2);
  }

  private void putLayer(GgufWriter out, String prefix) {
    norm(out, prefix + "attn_norm");
    linear(out, prefix + "attn_q", nHead * headSize, nEmbd);
    linear(out, prefix + "attn_k", nKvHead * headSize, nEmbd);
    linear(out, prefix + "attn_v", nKvHead * headSize, nEmbd);
    linear(out, prefix + "attn_output", nEmbd, nHead * headSize);
    norm(out, prefix + "ffn_norm");
    if (gated()) {
      linear(out, prefix + "ffn_gate", nFf, nEmbd);
    }
    linear(out, prefix + "ffn_up", nFf, nEmbd);
    if (powerInfer) {
      matrix(out, prefix + "ffn_down_t", nFf, nEmbd);
      matrix(out, prefix + "fc1", 32, nEmbd);
      matrix(out, prefix + "fc2", nFf, 32);
    } else {
      linear(out, prefix + "ffn_down", nEmbd, nFf);
    }
  }

  private void norm(GgufWriter out, String name) {
    vector(out, name + ".weight", values(nEmbd, 0.5, 1));
    if (!gated()) {
      vector(out, name + ".bias", values(nEmbd, 0.3, 0));
    }
  }

  private void linear(GgufWriter out, String name, int rows, int cols) {
    matrix(out, name, rows, cols);
    if (biases) {
      vector(out, name + ".bias", values(rows, 0.3, 0));
    }
  }

  private void matrix(GgufWriter out, String name, int rows, int cols) {
    put(out, name + ".weight", format, rows, values(rows * cols, 1.5 / Math.sqrt(cols), 0));
  }

  private static void vector(GgufWriter out, String name, float[] values) {
    put(out, name, TensorFormats.F32, 1, values);
  }

  private static void put(
      GgufWriter out, String name, EncodableFormat format, int rows, float[] values) {
    byte[] bytes = new byte[(int) format.bytes(values.length)];
    format.encode(values, 0, values.length, MemorySegment.ofArray(bytes), 0);
    out.tensor(
        name,
        format,
        new Shape(rows, values.length / rows),
        channel -> channel.write(ByteBuffer.wrap(bytes)));
  }

  private float[] values(int count, double deviation, double mean) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }
}
