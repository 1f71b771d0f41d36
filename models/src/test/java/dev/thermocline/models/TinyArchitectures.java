package dev.thermocline.models;

import static dev.thermocline.models.TinyWriter.EMBD;
import static dev.thermocline.models.TinyWriter.FF;
import static dev.thermocline.models.TinyWriter.HEAD;
import static dev.thermocline.models.TinyWriter.HEADS;
import static dev.thermocline.models.TinyWriter.KV_HEADS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A tiny random model of every architecture, and of variants that its keys and tensors choose. A
 * catalogue, hence its length: an entry for each.
 */
public final class TinyArchitectures {
  private static final Map<String, Supplier<TinyWriter>> ALL = new LinkedHashMap<>();

  static {
    addLlamas();
    addQwens();
    addGemmas();
    addParallel();
    addExperts();
    addOthers();
  }

  private TinyArchitectures() {}

  /** Writes all models into a folder, for {@code src/test/peer/logits.mjs}. */
  public static void main(String[] args) throws IOException {
    for (String name : names()) {
      write(name, Path.of(args[0]));
    }
  }

  /** Names of all models. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Writes a model. */
  public static Path write(String name, Path folder) throws IOException {
    Path file = folder.resolve(name + ".gguf");
    tiny(name).writer().write(file);
    return file;
  }

  /** Writes the first layer of a model only. */
  public static Path writeOneLayer(String name, Path folder) throws IOException {
    Path file = folder.resolve(name + "-one.gguf");
    tiny(name).key("block_count", 1).writer().write(file);
    return file;
  }

  /** A writer that holds a model, for changing it. */
  static TinyWriter tiny(String name) {
    return java.util.Objects.requireNonNull(ALL.get(name), name).get();
  }

  /** Grouped rotary attention between RMSNorms, as most have it. */
  private static TinyWriter base(String architecture, int layers) {
    return new TinyWriter(architecture, layers)
        .rms()
        .grouped()
        .rope(HEAD, 10000)
        .ends(false, false)
        .attention(HEAD, false)
        .norms("attn_norm", false)
        .norms("ffn_norm", false);
  }

  private static TinyWriter llama(int layers) {
    return base("llama", layers).gated();
  }

  private static TinyWriter stretched(TinyWriter writer, String type, int original) {
    return writer
        .key("rope.scaling.type", type)
        .key("rope.scaling.original_context_length", original)
        .values("rope_factors_long.weight", 3, 0.5, HEAD / 2)
        .values("rope_factors_short.weight", 1.2, 0.1, HEAD / 2)
        .key("rope.scaling.attn_factor", 1.2f);
  }

  private static void addLlamas() {
    ALL.put("llama", () -> llama(2));
    ALL.put(
        "llama-yarn",
        () ->
            llama(2)
                .key("rope.scaling.type", "yarn")
                .key("rope.scaling.factor", 4f)
                .key("rope.scaling.original_context_length", 16));
    ALL.put("llama-longrope", () -> stretched(llama(2), "longrope", 16));
    ALL.put("llama-shortrope", () -> stretched(llama(2), "longrope", 256));
    ALL.put("llama-freqs", () -> llama(2).values("rope_freqs.weight", 3, 0.5, HEAD / 2));
    ALL.put(
        "llama-fused",
        () ->
            new TinyWriter("llama", 2)
                .rms()
                .grouped()
                .rope(HEAD, 10000)
                .ends(true, false)
                .fused(KV_HEADS, true)
                .norms("attn_norm", false)
                .norms("ffn_norm", false)
                .gated());
    ALL.put("arcee", () -> base("arcee", 2).ungated(false));
    ALL.put("smollm3", () -> base("smollm3", 5).gated());
    ALL.put("bamboo", () -> base("bamboo", 2).gated());
    ALL.put(
        "minicpm",
        () ->
            base("minicpm", 2)
                .gated()
                .key("embedding_scale", 3f)
                .key("residual_scale", 0.5f)
                .key("logit_scale", 1.5f));
    ALL.put("minicpm-defaults", () -> base("minicpm", 3).gated());
    ALL.put("granite", () -> base("granite", 2).gated().key("logit_scale", 2f));
    ALL.put(
        "granite-unturned",
        () ->
            base("granite", 2)
                .gated()
                .key("logit_scale", 2f)
                .key("attention.scale", 0.2f)
                .key("rope.scaling.finetuned", false));
    ALL.put(
        "phi3-longrope",
        () ->
            stretched(
                new TinyWriter("phi3", 2)
                    .rms()
                    .grouped()
                    .rope(HEAD, 10000)
                    .ends(false, false)
                    .fused(KV_HEADS, false)
                    .norms("attn_norm", false)
                    .norms("ffn_norm", false)
                    .fusedGate(),
                "longrope",
                16));
  }

  private static void addQwens() {
    ALL.put(
        "qwen2",
        () ->
            base("qwen2", 2)
                .gated()
                .eachLayerValues("attn_q.bias", HEADS * HEAD)
                .eachLayerValues("attn_k.bias", KV_HEADS * HEAD)
                .eachLayerValues("attn_v.bias", KV_HEADS * HEAD));
    ALL.put("qwen3", () -> base("qwen3", 2).gated().headNorms(HEAD, HEAD));
    ALL.put(
        "olmo2",
        () -> postNormed(new TinyWriter("olmo2", 2)).headNorms(HEADS * HEAD, KV_HEADS * HEAD));
    ALL.put(
        "olmo3",
        () ->
            postNormed(new TinyWriter("olmo2", 5))
                .headNorms(HEADS * HEAD, KV_HEADS * HEAD)
                .key("attention.sliding_window", 6)
                .key("rope.freq_base_swa", 100f)
                .key("rope.scaling.type", "yarn")
                .key("rope.scaling.factor", 4f)
                .key("rope.scaling.original_context_length", 16));
  }

  private static TinyWriter postNormed(TinyWriter writer) {
    return writer
        .rms()
        .grouped()
        .rope(HEAD, 10000)
        .ends(false, false)
        .attention(HEAD, false)
        .gated()
        .norms("post_attention_norm", false)
        .norms("post_ffw_norm", false);
  }

  /** Heads wider than the stream divided by their number, and the output tied to the embedding. */
  private static TinyWriter gemma(String architecture, int layers) {
    return new TinyWriter(architecture, layers)
        .rms()
        .grouped()
        .key("attention.key_length", 12)
        .key("attention.value_length", 12)
        .rope(12, 10000)
        .ends(true, false)
        .attention(12, false)
        .norms("attn_norm", false)
        .norms("ffn_norm", false)
        .gated();
  }

  private static void addGemmas() {
    ALL.put("gemma", () -> gemma("gemma", 2));
    ALL.put(
        "gemma2",
        () ->
            gemma("gemma2", 4)
                .norms("post_attention_norm", false)
                .norms("post_ffw_norm", false)
                .key("attention.sliding_window", 5));
    ALL.put(
        "gemma3",
        () ->
            gemma("gemma3", 7)
                .norms("post_attention_norm", false)
                .norms("post_ffw_norm", false)
                .headNorms(12, 12)
                .key("rope.freq_base", 1000000f)
                .key("rope.scaling.type", "linear")
                .key("rope.scaling.factor", 8f)
                .key("attention.sliding_window", 5));
    ALL.put(
        "gemma3-pattern",
        () ->
            gemma("gemma3", 4)
                .norms("post_attention_norm", false)
                .norms("post_ffw_norm", false)
                .headNorms(12, 12)
                .key("attention.sliding_window", 5)
                .key("attention.sliding_window_pattern", 2)
                .key("rope.freq_base_swa", 500f)
                .key("final_logit_softcapping", 4f));
    ALL.put(
        "gemma3-global",
        () ->
            gemma("gemma3", 2)
                .norms("post_attention_norm", false)
                .norms("post_ffw_norm", false)
                .headNorms(12, 12));
  }

  private static void addParallel() {
    ALL.put(
        "phi2",
        () ->
            new TinyWriter("phi2", 2)
                .layerNorm()
                .rope(4, 10000)
                .ends(false, true)
                .values("output.bias", 0, 0.3, TinyWriter.VOCABULARY)
                .fused(HEADS, true)
                .norms("attn_norm", true)
                .ungated(true));
    ALL.put(
        "falcon-7b",
        () ->
            new TinyWriter("falcon", 2)
                .layerNorm()
                .key("attention.head_count_kv", 1)
                .ends(true, true)
                .fused(1, false)
                .norms("attn_norm", true)
                .ungated(false));
    ALL.put(
        "falcon-40b",
        () ->
            new TinyWriter("falcon", 2)
                .layerNorm()
                .grouped()
                .ends(false, true)
                .fused(KV_HEADS, false)
                .norms("attn_norm", true)
                .norms("attn_norm_2", true)
                .ungated(false));
    ALL.put("gptneox", () -> gptNeox(true));
    ALL.put("gptneox-sequential", () -> gptNeox(false));
    ALL.put(
        "stablelm",
        () ->
            stableLm()
                .norms("ffn_norm", true)
                .eachLayerValues("attn_q.bias", HEADS * HEAD)
                .eachLayerValues("attn_k.bias", KV_HEADS * HEAD)
                .eachLayerValues("attn_v.bias", KV_HEADS * HEAD));
    ALL.put("stablelm-parallel", () -> stableLm().headNormsOfEach());
  }

  private static TinyWriter gptNeox(boolean parallel) {
    return new TinyWriter("gptneox", 2)
        .layerNorm()
        .key("use_parallel_residual", parallel)
        .rope(4, 10000)
        .ends(false, true)
        .fused(HEADS, true)
        .norms("attn_norm", true)
        .norms("ffn_norm", true)
        .ungated(true);
  }

  private static TinyWriter stableLm() {
    return new TinyWriter("stablelm", 2)
        .layerNorm()
        .grouped()
        .rope(4, 10000)
        .ends(false, true)
        .attention(HEAD, false)
        .norms("attn_norm", true)
        .gated();
  }

  private static void addExperts() {
    ALL.put(
        "llama-moe",
        () -> base("llama", 2).experts(4, 2, 24, false).key("feed_forward_length", 24));
    ALL.put(
        "qwen2moe",
        () ->
            base("qwen2moe", 2)
                .experts(6, 3, 24, false)
                .key("expert_feed_forward_length", 24)
                .key("expert_shared_feed_forward_length", 40)
                .sharedExpert(40, true)
                .eachLayerValues("attn_q.bias", HEADS * HEAD)
                .eachLayerValues("attn_k.bias", KV_HEADS * HEAD)
                .eachLayerValues("attn_v.bias", KV_HEADS * HEAD));
    ALL.put(
        "qwen2moe-defaults",
        () -> base("qwen2moe", 2).experts(6, 2, FF / 2, false).sharedExpert(FF, true));
    ALL.put(
        "qwen3moe",
        () ->
            base("qwen3moe", 2)
                .experts(6, 3, 24, false)
                .key("expert_feed_forward_length", 24)
                .headNorms(HEAD, HEAD));
    ALL.put(
        "olmoe",
        () ->
            new TinyWriter("olmoe", 2)
                .rms()
                .rope(HEAD, 10000)
                .ends(false, false)
                .attention(HEADS, HEAD, false)
                .norms("attn_norm", false)
                .norms("ffn_norm", false)
                .experts(4, 2, FF, false)
                .headNorms(HEADS * HEAD, HEADS * HEAD));
    ALL.put(
        "granitemoe",
        () ->
            base("granitemoe", 2)
                .experts(4, 2, FF, false)
                .key("logit_scale", 2f)
                .key("expert_shared_feed_forward_length", 40)
                .sharedExpert(40, false)
                .key("residual_scale", 0.5f));
    ALL.put(
        "smallthinker",
        () ->
            base("smallthinker", 5)
                .experts(6, 3, 24, false)
                .key("expert_feed_forward_length", 24)
                .key("expert_gating_func", 1));
    ALL.put(
        "smallthinker-window",
        () ->
            base("smallthinker", 5)
                .experts(6, 3, 24, false)
                .key("expert_feed_forward_length", 24)
                .key("expert_gating_func", 2)
                .key("attention.sliding_window", 6)
                .key("rope.freq_base_swa", 100f));
    ALL.put(
        "gpt-oss",
        () ->
            new TinyWriter("gpt-oss", 4)
                .rms()
                .grouped()
                .rope(HEAD, 150000)
                .ends(false, false)
                .attention(HEAD, true)
                .norms("attn_norm", false)
                .norms("post_attention_norm", false)
                .eachLayerValues("attn_sinks.weight", HEADS)
                .experts(4, 2, 24, true)
                .key("expert_feed_forward_length", 24)
                .key("attention.sliding_window", 6)
                .key("rope.scaling.type", "yarn")
                .key("rope.scaling.factor", 4f)
                .key("rope.scaling.original_context_length", 16));
  }

  private static void addOthers() {
    ALL.put(
        "nemotron",
        () ->
            new TinyWriter("nemotron", 2)
                .layerNorm()
                .grouped()
                .rope(4, 10000)
                .ends(false, true)
                .attention(HEAD, false)
                .norms("attn_norm", true)
                .norms("ffn_norm", true)
                .ungated(false));
    ALL.put("gpt2", () -> learned("gpt2", 0).fused(HEADS, true));
    ALL.put(
        "opt",
        () -> learned("opt", 2).key("attention.head_count_kv", KV_HEADS).attention(HEAD, true));
    ALL.put(
        "starcoder2",
        () ->
            new TinyWriter("starcoder2", 2)
                .layerNorm()
                .grouped()
                .rope(HEAD, 100000)
                .ends(true, true)
                .attention(HEAD, true)
                .norms("attn_norm", true)
                .norms("ffn_norm", true)
                .ungated(true));
    ALL.put("bitnet", () -> bitNet("bitnet"));
    ALL.put("bitnet-relu2", () -> bitNet("bitnet").key("hidden_activation", "relu2"));
    ALL.put("bitnet-25", () -> bitNet("bitnet-25"));
  }

  private static TinyWriter learned(String architecture, int offset) {
    return new TinyWriter(architecture, 2)
        .layerNorm()
        .ends(true, true)
        .matrix("position_embd", TinyWriter.CONTEXT + offset, EMBD)
        .norms("attn_norm", true)
        .norms("ffn_norm", true)
        .ungated(true);
  }

  private static TinyWriter bitNet(String architecture) {
    return new TinyWriter(architecture, 2)
        .rms()
        .grouped()
        .rope(HEAD, 10000)
        .ends(true, false)
        .attention(HEAD, false)
        .norms("attn_norm", false)
        .norms("attn_sub_norm", HEADS * HEAD, false)
        .norms("ffn_norm", false)
        .norms("ffn_sub_norm", FF, false)
        .eachLayerValues("attn_q.scale", 1)
        .eachLayerValues("ffn_gate.scale", 1)
        .eachLayerValues("ffn_up.scale", 1)
        .eachLayerValues("ffn_down.scale", 1)
        .gated();
  }
}
