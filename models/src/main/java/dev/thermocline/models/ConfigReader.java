package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufMetadata;
import dev.thermocline.models.gguf.GgufType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys that most architectures share, {@code <architecture>.<key>}. What an architecture
 * has that others do not is said first, then {@link #read} gives the configuration.
 */
public final class ConfigReader {
  private static final int MAX_LAYERS = 4096;
  private static final int MAX_WIDTH = 1 << 24;
  private static final int MAX_HEADS = 1 << 16;

  private final GgufFile gguf;
  private final GgufMetadata metadata;
  private final String architecture;
  private final int nLayer;
  private final int nEmbd;
  private final int nHead;
  private final int headSize;

  private NormConfig norm = new NormConfig(false, 0);
  private @Nullable RopeStyle ropeStyle;
  private RopeConfig.Sliding slidingRope = RopeConfig.Sliding.SAME;
  private int skipEvery;
  private int skipAt;
  private ActivationFunction activation = ActivationFunction.SILU;
  private boolean gated;
  private boolean parallel;
  private SlidingWindow window = SlidingWindow.NONE;
  private float attentionScale;
  private float attentionCap;
  private @Nullable ExpertConfig experts;
  private float embeddingScale = 1;
  private float residualScale = 1;
  private float logitScale = 1;
  private float logitCap;

  /** Reads the sizes that the rest depends on. */
  public ConfigReader(GgufFile gguf, String architecture) {
    this.gguf = gguf;
    this.metadata = gguf.metadata();
    this.architecture = architecture;
    this.nEmbd = size("embedding_length");
    this.nLayer = metadata.integer(key("block_count"), 1, MAX_LAYERS);
    this.nHead = metadata.integer(key("attention.head_count"), 1, MAX_HEADS);
    this.headSize = headSize("attention.key_length");
    this.attentionScale = (float) (1 / Math.sqrt(headSize));
  }

  /** Number of layers. */
  public int nLayer() {
    return nLayer;
  }

  /** Width of the residual stream. */
  public int nEmbd() {
    return nEmbd;
  }

  /** Query heads. */
  public int nHead() {
    return nHead;
  }

  /** RMSNorm, its epsilon from the file. */
  public ConfigReader rmsNorm() {
    norm = new NormConfig(false, epsilon("attention.layer_norm_rms_epsilon", null));
    return this;
  }

  /** LayerNorm, its epsilon from the file. */
  public ConfigReader layerNorm() {
    norm = new NormConfig(true, epsilon("attention.layer_norm_epsilon", null));
    return this;
  }

  /** LayerNorm, with an epsilon for files that do not say it. */
  public ConfigReader layerNorm(double usualEpsilon) {
    norm = new NormConfig(true, epsilon("attention.layer_norm_epsilon", usualEpsilon));
    return this;
  }

  /** Rotary positions; without this call a model has none. */
  public ConfigReader rope(RopeStyle style) {
    ropeStyle = style;
    return this;
  }

  /** Layers {@code at}, {@code at + every} and so on are not turned. */
  public ConfigReader withoutRope(int every, int at) {
    skipEvery = every;
    skipAt = at;
    return this;
  }

  /**
   * Layers with a sliding window have rotary positions of their own.
   *
   * @param usualBase of the frequencies, for files that do not say it; 0 for that of the others
   * @param scaled whether they are stretched as the others are
   */
  public ConfigReader slidingRope(double usualBase, boolean scaled) {
    double base = metadata.number(key("rope.freq_base_swa"), usualBase);
    if (!(base >= 0 && base < Double.POSITIVE_INFINITY)) {
      throw new GgufFormatException(
          key("rope.freq_base_swa"), -1, "expected a positive number, found " + base);
    }
    slidingRope = new RopeConfig.Sliding(base, scaled);
    return this;
  }

  /** Layers with a sliding window are turned as the others, but not stretched. */
  public ConfigReader unscaledSlidingRope() {
    slidingRope = new RopeConfig.Sliding(0, false);
    return this;
  }

  /** A gate beside up; the file may name another activation. */
  public ConfigReader gated(ActivationFunction usual) {
    gated = true;
    activation = activation(usual);
    return this;
  }

  /** No gate; the file may name another activation. */
  public ConfigReader ungated(ActivationFunction usual) {
    gated = false;
    activation = activation(usual);
    return this;
  }

  /** Whether both parts of a layer read its input, which the file may say. */
  public ConfigReader parallel(boolean usual) {
    parallel = flag("use_parallel_residual", usual);
    return this;
  }

  /**
   * A sliding window.
   *
   * @param usualSize for files that do not say it; 0 for none
   * @param usualPeriod of so many layers one sees everything, for files that do not say which
   * @param fullFirst whether it is the first of them, or the last
   */
  public ConfigReader window(int usualSize, int usualPeriod, boolean fullFirst) {
    int size = metadata.integer(key("attention.sliding_window"), 0, Integer.MAX_VALUE, usualSize);
    window = size == 0 ? SlidingWindow.NONE : slidingWindow(size, usualPeriod, fullFirst);
    return this;
  }

  /** Whether some layer has a sliding window. */
  public boolean slides() {
    return window.size() > 0;
  }

  /** A fixed size for a window that the file has, whatever size it says. */
  public ConfigReader windowSize(int size) {
    if (slides()) {
      window = new SlidingWindow(size, window.slides());
    }
    return this;
  }

  private SlidingWindow slidingWindow(int size, int usualPeriod, boolean fullFirst) {
    String pattern = key("attention.sliding_window_pattern");
    if (metadata.contains(pattern) && metadata.type(pattern) == GgufType.ARRAY) {
      var flags = metadata.array(pattern);
      if (flags.size() < nLayer) {
        throw new GgufFormatException(
            pattern, -1, "expected " + nLayer + " flags, found " + flags.size());
      }
      return new SlidingWindow(
          size,
          java.util.stream.IntStream.range(0, nLayer)
              .mapToObj(layer -> flags.integer(layer) != 0)
              .toList());
    }
    int period = metadata.integer(pattern, 0, Integer.MAX_VALUE, usualPeriod);
    return SlidingWindow.periodic(size, nLayer, period, fullFirst);
  }

  /** Another factor of the dot products than one over the root of the head size. */
  public ConfigReader attentionScale(double scale) {
    attentionScale = (float) scale;
    return this;
  }

  /** The file may give another factor of the dot products; 0 stands for the usual one. */
  public ConfigReader attentionScaleKey() {
    float scale = (float) number("attention.scale", 0);
    attentionScale = scale == 0 ? attentionScale : scale;
    return this;
  }

  /** Bounds of attention scores and of logits, for files that do not say them. */
  public ConfigReader softCaps(double usualAttention, double usualLogits) {
    attentionCap = cap("attn_logit_softcapping", usualAttention);
    logitCap = cap("final_logit_softcapping", usualLogits);
    return this;
  }

  private float cap(String key, double usual) {
    double cap = number(key, usual);
    if (!(cap >= 0)) {
      throw new GgufFormatException(key(key), -1, "expected at least 0, found " + cap);
    }
    return (float) cap;
  }

  /** Factor of the embedding, whatever the file says. */
  public ConfigReader embeddingScale(double scale) {
    embeddingScale = (float) scale;
    return this;
  }

  /**
   * Factors for files that do not say them. Zero stands for 1, and logits are divided by theirs.
   */
  public ConfigReader scales(double usualEmbedding, double usualResidual, double usualLogits) {
    embeddingScale = factor("embedding_scale", usualEmbedding);
    residualScale = factor("residual_scale", usualResidual);
    logitScale = 1 / factor("logit_scale", usualLogits);
    return this;
  }

  private float factor(String key, double usual) {
    double factor = number(key, usual);
    return factor == 0 ? 1f : (float) factor;
  }

  /** As {@link #experts(ExpertConfig.Gating, boolean, boolean)}, with the usual router. */
  public ConfigReader experts(boolean normalised) {
    return experts(ExpertConfig.Gating.SOFTMAX, normalised, false);
  }

  /**
   * Experts, where the file has a router.
   *
   * @param gating what makes weights of the router's outputs
   * @param normalised whether the weights of the chosen ones are divided by their sum
   * @param early whether the router reads the layer's input
   */
  public ConfigReader experts(ExpertConfig.Gating gating, boolean normalised, boolean early) {
    if (!Shapes.hasExperts(gguf)) {
      return this;
    }
    int count = metadata.integer(key("expert_count"), 1, MAX_HEADS);
    experts =
        new ExpertConfig(
            count, metadata.integer(key("expert_used_count"), 1, count), gating, normalised, early);
    return this;
  }

  /** The kind of router that the file names, or the usual one. */
  public ExpertConfig.Gating gating(ExpertConfig.Gating usual) {
    String key = key("expert_gating_func");
    if (!metadata.contains(key)) {
      return usual;
    }
    long number = metadata.integer(key);
    return switch (Math.clamp(number, 0, 4)) {
      case 0 -> usual;
      case 1 -> ExpertConfig.Gating.SOFTMAX;
      case 2 -> ExpertConfig.Gating.SIGMOID;
      case 3 -> ExpertConfig.Gating.SOFTMAX_OF_CHOSEN;
      default ->
          throw new UnsupportedModelException(
              key + ": " + number + " is not supported yet; known are 1, 2 and 3");
    };
  }

  /** A boolean of the architecture's. */
  public boolean flag(String key, boolean usual) {
    return metadata.bool(key(key), usual);
  }

  /** A number of the architecture's. */
  public double number(String key, double usual) {
    return metadata.number(key(key), usual);
  }

  /**
   * The configuration.
   *
   * @throws GgufFormatException if a key is missing, or tensors do not bear the keys out
   * @throws UnsupportedModelException if the sizes cannot be computed with
   */
  public ModelConfig read() {
    Shapes shapes = new Shapes(gguf);
    int nKvHead = metadata.integer(key("attention.head_count_kv"), 1, MAX_HEADS, nHead);
    ModelConfig config =
        new ModelConfig(
            architecture,
            nLayer,
            nEmbd,
            experts == null ? size("feed_forward_length") : shapes.expertNeurons(experts),
            shapes.vocabulary(),
            metadata.integer(key("context_length"), 1, Integer.MAX_VALUE),
            norm,
            new AttentionConfig(
                nHead,
                nKvHead,
                headSize,
                headSize("attention.value_length"),
                attentionScale,
                attentionCap,
                window),
            ropeConfig(),
            activation,
            gated,
            parallel,
            experts,
            new ScaleConfig(embeddingScale, residualScale, logitScale, logitCap));
    shapes.check(config);
    return config;
  }

  private RopeConfig ropeConfig() {
    if (ropeStyle == null) {
      return new RopeConfig(RopeStyle.NORMAL, 0, 0, 0, RopeConfig.Sliding.SAME);
    }
    int dimensions = metadata.integer(key("rope.dimension_count"), 2, headSize, headSize);
    return new RopeConfig(ropeStyle, dimensions, skipEvery, skipAt, slidingRope);
  }

  private int headSize(String key) {
    return metadata.integer(key(key), 1, MAX_HEADS, Math.max(1, nEmbd / nHead));
  }

  private int size(String key) {
    return metadata.integer(key(key), 1, MAX_WIDTH);
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
      case "gelu" -> ActivationFunction.GELU;
      default ->
          throw new UnsupportedModelException(
              key + ": '" + name + "' is not supported yet; known are silu, relu, relu2, gelu");
    };
  }

  private float epsilon(String key, @Nullable Double usual) {
    double epsilon = usual == null ? metadata.number(key(key)) : metadata.number(key(key), usual);
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new GgufFormatException(key(key), -1, "expected 0 to 1, found " + epsilon);
    }
    return (float) epsilon;
  }

  private String key(String key) {
    return architecture + "." + key;
  }
}
