package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import dev.thermocline.models.gguf.GgufTensorInfo;

/** Reads the keys that most architectures share, {@code <architecture>.<key>}. */
public final class ConfigReader {
  private static final int MAX_LAYERS = 4096;
  private static final int MAX_WIDTH = 1 << 24;
  private static final int MAX_HEADS = 1 << 16;

  private final GgufFile gguf;
  private final GgufMetadata metadata;
  private final String architecture;

  /** Reads a model's keys. */
  public ConfigReader(GgufFile gguf, String architecture) {
    this.gguf = gguf;
    this.metadata = gguf.metadata();
    this.architecture = architecture;
  }

  /**
   * The sizes of a model.
   *
   * @param epsilonKey which key holds the epsilon of its norms
   * @param usual activation where the file does not name one
   */
  public ModelConfig read(String epsilonKey, ActivationFunction usual, boolean gated) {
    int nEmbd = size("embedding_length");
    int nHead = metadata.integer(key("attention.head_count"), 1, MAX_HEADS);
    int nKvHead = metadata.integer(key("attention.head_count_kv"), 1, MAX_HEADS, nHead);
    int headSize =
        metadata.integer(key("attention.key_length"), 1, MAX_HEADS, Math.max(1, nEmbd / nHead));
    checkValueLength(headSize);
    ModelConfig config =
        new ModelConfig(
            architecture,
            metadata.integer(key("block_count"), 1, MAX_LAYERS),
            nEmbd,
            nHead,
            nKvHead,
            headSize,
            size("feed_forward_length"),
            vocabulary(),
            metadata.integer(key("context_length"), 1, Integer.MAX_VALUE),
            epsilon(epsilonKey),
            metadata.integer(key("rope.dimension_count"), 2, headSize, headSize),
            activation(usual),
            gated);
    checkShapes(config);
    return config;
  }

  /**
   * Holds the stated sizes against the tensors, so that nothing is ever allocated for a size that
   * the file only claims to have.
   */
  private void checkShapes(ModelConfig config) {
    checkShape("token_embd", config.nVocab(), config.nEmbd());
    for (int layer : new int[] {0, config.nLayer() - 1}) {
      String prefix = "blk." + layer + ".";
      checkShape(prefix + "attn_q", config.queryWidth(), config.nEmbd());
      checkShape(prefix + "attn_k", config.kvWidth(), config.nEmbd());
      checkShape(prefix + "ffn_up", config.nFf(), config.nEmbd());
    }
  }

  private void checkShape(String tensor, int rows, int cols) {
    GgufTensorInfo info = info(tensor + ".weight");
    if (info.rows() != rows || info.cols() != cols) {
      throw new GgufFormatException(
          info.name(),
          -1,
          "the keys demand ["
              + rows
              + "]["
              + cols
              + "], found ["
              + info.rows()
              + "]["
              + info.cols()
              + "]");
    }
  }

  private GgufTensorInfo info(String tensor) {
    return gguf.info(tensor)
        .orElseThrow(() -> new GgufFormatException(tensor, -1, "the file has no such tensor"));
  }

  private int size(String key) {
    return metadata.integer(key(key), 1, MAX_WIDTH);
  }

  private void checkValueLength(int headSize) {
    int valueLength = metadata.integer(key("attention.value_length"), 1, MAX_HEADS, headSize);
    if (valueLength != headSize) {
      throw new UnsupportedModelException(
          architecture
              + ": keys of "
              + headSize
              + " and values of "
              + valueLength
              + " elements; different sizes are not supported yet");
    }
  }

  /** Rows of the embedding table: the one place where the size of the vocabulary is certain. */
  private int vocabulary() {
    GgufTensorInfo table = info("token_embd.weight");
    if (table.rows() > MAX_WIDTH) {
      throw new GgufFormatException(
          table.name(), -1, "expected at most " + MAX_WIDTH + " rows, found " + table.rows());
    }
    return (int) table.rows();
  }

  private ActivationFunction activation(ActivationFunction usual) {
    String key = key("hidden_activation");
    if (!metadata.contains(key)) {
      return usual;
    }
    String name = metadata.string(key);
    return switch (name) {
      case "silu" -> ActivationFunction.SILU;
      case "relu" -> ActivationFunction.RELU;
      case "relu2" -> ActivationFunction.RELU_SQUARED;
      default ->
          throw new UnsupportedModelException(
              key + ": '" + name + "' is not supported yet; known are silu, relu, relu2");
    };
  }

  private float epsilon(String key) {
    double epsilon = metadata.number(key(key));
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new GgufFormatException(key(key), -1, "expected 0 to 1, found " + epsilon);
    }
    return (float) epsilon;
  }

  private String key(String key) {
    return architecture + "." + key;
  }
}
