package dev.thermocline.models;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.models.arcee.Arcee;
import dev.thermocline.models.bamboo.Bamboo;
import dev.thermocline.models.bitnet.BitNet;
import dev.thermocline.models.falcon.Falcon;
import dev.thermocline.models.gemma.Gemma;
import dev.thermocline.models.gemma.Gemma2;
import dev.thermocline.models.gemma.Gemma3;
import dev.thermocline.models.gguf.Printable;
import dev.thermocline.models.gpt2.Gpt2;
import dev.thermocline.models.gptneox.GptNeox;
import dev.thermocline.models.gptoss.GptOss;
import dev.thermocline.models.granite.Granite;
import dev.thermocline.models.granite.GraniteMoe;
import dev.thermocline.models.llama.Llama;
import dev.thermocline.models.minicpm.MiniCpm;
import dev.thermocline.models.nemotron.Nemotron;
import dev.thermocline.models.olmo.Olmo2;
import dev.thermocline.models.olmo.Olmoe;
import dev.thermocline.models.opt.Opt;
import dev.thermocline.models.phi.Phi2;
import dev.thermocline.models.phi.Phi3;
import dev.thermocline.models.qwen.Qwen2;
import dev.thermocline.models.qwen.Qwen2Moe;
import dev.thermocline.models.qwen.Qwen3;
import dev.thermocline.models.qwen.Qwen3Moe;
import dev.thermocline.models.smallthinker.SmallThinker;
import dev.thermocline.models.smollm.SmolLm3;
import dev.thermocline.models.stablelm.StableLm;
import dev.thermocline.models.starcoder.Starcoder2;
import java.util.List;

/** The registry of architectures. */
public final class Architectures {
  private static final List<Architecture> ALL =
      List.of(
          new Arcee(),
          new Bamboo(),
          new BitNet("bitnet", ActivationFunction.SILU),
          new BitNet("bitnet-25", ActivationFunction.RELU_SQUARED),
          new BitNet("bitnet-b1.58", ActivationFunction.RELU_SQUARED),
          new Falcon(),
          new Gemma(),
          new Gemma2(),
          new Gemma3(),
          new Gpt2(),
          new GptNeox(),
          new GptOss(),
          new Granite(),
          new GraniteMoe(),
          new Llama(),
          new MiniCpm(),
          new Nemotron(),
          new Olmo2(),
          new Olmoe(),
          new Opt(),
          new Phi2(),
          new Phi3(),
          new Qwen2(),
          new Qwen2Moe(),
          new Qwen3(),
          new Qwen3Moe(),
          new SmallThinker(),
          new SmolLm3(),
          new StableLm(),
          new Starcoder2());

  private Architectures() {}

  /** Names of all architectures that can be run. */
  public static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }

  /**
   * The architecture of a name.
   *
   * @throws UnsupportedModelException if it is unknown
   */
  public static Architecture byName(String name) {
    for (Architecture architecture : ALL) {
      if (architecture.name().equals(name)) {
        return architecture;
      }
    }
    throw new UnsupportedModelException(
        "architecture '" + Printable.name(name) + "' is not supported yet; known are " + names());
  }
}
