package dev.thermocline.models;

import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.models.layers.Embedding;
import dev.thermocline.models.layers.ExpertReader;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.FeedForwardReader;
import dev.thermocline.models.layers.FeedForwardWeights;
import dev.thermocline.models.layers.LayerLoader;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.MixtureOfExperts;
import dev.thermocline.models.layers.OutputHead;
import dev.thermocline.models.layers.RotaryPositions;
import dev.thermocline.models.layers.Tensors;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.models.layers.Workspace;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.models.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model file, mapped, and the parts that its architecture makes of it in any backend. Loading a
 * part costs only what that part needs. Closing unmaps the file: parts loaded from it must be
 * closed, or at least not be used, before.
 */
public final class Model implements AutoCloseable {
  private static final String POSITIONS = "position_embd.weight";

  private final Path path;
  private final GgufFile gguf;
  private final Architecture architecture;
  private final ModelConfig config;
  private @Nullable Tokenizer tokenizer;

  private Model(Path path, GgufFile gguf) {
    this.path = path;
    this.gguf = gguf;
    this.architecture = Architectures.byName(gguf.metadata().string("general.architecture"));
    this.config = architecture.config(gguf);
  }

  /**
   * Opens a model file.
   *
   * @throws IOException if it cannot be read
   * @throws GgufFormatException if it is damaged or lacks a key
   * @throws UnsupportedModelException if its architecture is unknown
   */
  public static Model open(Path path) throws IOException {
    GgufFile gguf = GgufFile.open(path);
    try {
      return new Model(path, gguf);
    } catch (RuntimeException e) {
      gguf.close();
      throw e;
    }
  }

  /** Opens the model that is part of this program. */
  public static Model openDefault() throws IOException {
    return open(DefaultModel.path());
  }

  /** The file; its overlay lies beside it. */
  public Path path() {
    return path;
  }

  public GgufFile gguf() {
    return gguf;
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * The model's tokenizer, built when first asked for.
   *
   * @throws UnsupportedModelException if there is none or its kind is not supported; everything
   *     else of the model works
   * @throws GgufFormatException if its tables are damaged
   */
  public synchronized Tokenizer tokenizer() {
    Tokenizer existing = tokenizer;
    if (existing == null) {
      existing = Tokenizers.of(gguf.metadata());
      tokenizer = existing;
    }
    return existing;
  }

  /**
   * Rotary positions.
   *
   * @param context positions that will be used
   * @param maxTokens most tokens of a batch
   */
  public RotaryPositions rope(int context, int maxTokens) {
    return new RotaryPositions(gguf, config, context, maxTokens);
  }

  /** Tensors of a layer's feed-forward block, in a model without experts. */
  public FeedForwardWeights feedForwardWeights(int layer) {
    return FeedForwardReader.read(gguf, config, Objects.checkIndex(layer, config.nLayer()));
  }

  /** Tensors of a layer's experts; null in a model without. */
  public @Nullable ExpertWeights expertWeights(int layer) {
    return ExpertReader.read(gguf, config, Objects.checkIndex(layer, config.nLayer()));
  }

  /**
   * Loads a layer's feed-forward, every neuron of it, into a backend on the host; the caller closes
   * it.
   *
   * @param workspace of the same backend
   * @param buffers for the tokens of the experts; null will do for a model without
   */
  public FeedForward denseFeedForward(
      int layer,
      Kernels kernels,
      Workspace workspace,
      MixtureOfExperts.@Nullable Buffers buffers,
      LinearFactory linears) {
    ExpertWeights experts = expertWeights(layer);
    return experts == null
        ? FeedForward.dense(kernels, feedForwardWeights(layer), workspace, linears)
        : FeedForward.dense(kernels, experts, workspace, Objects.requireNonNull(buffers), linears);
  }

  /** Buffers for the tokens of the experts of all layers; null in a model without. */
  public MixtureOfExperts.@Nullable Buffers expertBuffers(int maxTokens) {
    ExpertConfig experts = config.experts();
    return experts == null ? null : MixtureOfExperts.Buffers.of(maxTokens, config.nEmbd(), experts);
  }

  /**
   * Loads the embedding tables into a backend; the caller closes them.
   *
   * @param maxTokens most tokens of a batch
   */
  public Embedding embedding(Kernels kernels, int maxTokens) {
    Tensor table = Tensors.require(gguf, "token_embd.weight", config.nVocab(), config.nEmbd());
    Matrix loaded = kernels.matrix(table);
    try {
      return new Embedding(
          kernels, loaded, config.scales().embedding(), positions(kernels, maxTokens));
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  private Embedding.@Nullable Positions positions(Kernels kernels, int maxTokens) {
    if (positionLimit() == Integer.MAX_VALUE) {
      return null;
    }
    int rows = positionLimit() + architecture.positionOffset();
    return new Embedding.Positions(
        kernels.matrix(Tensors.require(gguf, POSITIONS, rows, config.nEmbd())),
        architecture.positionOffset(),
        kernels.activations(maxTokens, config.nEmbd()));
  }

  /** Positions that the model knows of, whatever it was trained for; past them is nothing. */
  public int positionLimit() {
    long rows = gguf.info(POSITIONS).map(GgufTensorInfo::rows).orElse((long) Integer.MAX_VALUE);
    if (rows >= Integer.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    return Math.max(1, (int) rows - architecture.positionOffset());
  }

  /**
   * Loads a layer into a backend around a feed-forward block that computes there; the caller closes
   * both.
   */
  public TransformerBlock block(int layer, Kernels kernels, FeedForward feedForward) {
    return block(layer, kernels, feedForward, LinearFactory.DENSE);
  }

  /** As {@link #block(int, Kernels, FeedForward)}, with linear layers of another kind. */
  public TransformerBlock block(
      int layer, Kernels kernels, FeedForward feedForward, LinearFactory linears) {
    Objects.checkIndex(layer, config.nLayer());
    LayerLoader loader = new LayerLoader(gguf, config, kernels, "blk." + layer + ".", linears);
    try {
      return architecture.block(loader, layer, feedForward);
    } catch (RuntimeException e) {
      loader.close();
      throw e;
    }
  }

  /** Loads the final norm and the output matrix into a backend; the caller closes them. */
  public OutputHead head(Kernels kernels) {
    LayerLoader loader = new LayerLoader(gguf, config, kernels, "", LinearFactory.DENSE);
    try {
      String output = tiedOutput() ? "token_embd" : "output";
      return new OutputHead(
          loader,
          loader.norm("output_norm"),
          loader.linear(output, config.nVocab(), config.nEmbd()));
    } catch (RuntimeException e) {
      loader.close();
      throw e;
    }
  }

  /** Whether the embedding table is the output matrix too. */
  public boolean tiedOutput() {
    return !gguf.contains("output.weight");
  }

  /** Bytes of the embedding table. */
  public long embeddingBytes() {
    return bytes("token_embd.weight");
  }

  /** Bytes of the output matrix. */
  public long headBytes() {
    return tiedOutput() ? embeddingBytes() : bytes("output.weight");
  }

  /** Bytes of a layer's weights outside its feed-forward block: attention and norms. */
  public long attentionBytes(int layer) {
    return layerBytes(layer, false);
  }

  /** Bytes of a layer's feed-forward block as the file holds it, predictors included. */
  public long feedForwardBytes(int layer) {
    return layerBytes(layer, true);
  }

  private long layerBytes(int layer, boolean ofFeedForward) {
    String prefix = "blk." + Objects.checkIndex(layer, config.nLayer()) + ".";
    long bytes = 0;
    for (GgufTensorInfo info : gguf.tensors()) {
      if (info.name().startsWith(prefix)
          && isFeedForward(info.name().substring(prefix.length())) == ofFeedForward) {
        bytes += Math.max(info.bytes(), 0);
      }
    }
    return bytes;
  }

  private static boolean isFeedForward(String name) {
    return name.startsWith("fc") || name.startsWith("ffn_") && !name.startsWith("ffn_norm");
  }

  private long bytes(String tensor) {
    return gguf.info(tensor).map(GgufTensorInfo::bytes).orElse(0L);
  }

  @Override
  public void close() {
    gguf.close();
  }
}
