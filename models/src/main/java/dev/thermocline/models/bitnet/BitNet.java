package dev.thermocline.models.bitnet;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * BitNet b1.58 (Ma et al., 2024): norms before the output projections of attention and
 * feed-forward, ternary weights with a factor each. The first models have SiLU; those of 2025 a
 * gated squared ReLU, under a name of their own.
 */
public final class BitNet implements Architecture {
  private final String name;
  private final ActivationFunction activation;

  /** One of the names under which files come. */
  public BitNet(String name, ActivationFunction activation) {
    this.name = name;
    this.activation = activation;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name).rmsNorm().rope(RopeStyle.NEOX).gated(activation).read();
  }
}
