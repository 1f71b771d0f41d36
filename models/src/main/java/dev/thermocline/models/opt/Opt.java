package dev.thermocline.models.opt;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * OPT (Zhang et al., 2022) as PowerInfer writes it: learned positions, LayerNorm, ungated ReLU,
 * biases everywhere.
 */
public final class Opt implements Architecture {

  @Override
  public String name() {
    return "opt";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    return new ConfigReader(gguf, name()).layerNorm(1e-5).ungated(ActivationFunction.RELU).read();
  }

  /** Two rows are left over from padding tokens. */
  @Override
  public int positionOffset() {
    return 2;
  }
}
