package dev.thermocline.models.smallthinker;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.models.Architecture;
import dev.thermocline.models.ConfigReader;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufFile;

/**
 * SmallThinker (Song et al., 2025): experts with a ReLU gate, chosen by the layer's input before
 * attention. With a sliding window, one layer of four sees everything and has no rotary positions.
 */
public final class SmallThinker implements Architecture {
  /** The peers apply this window, whatever size the file says. */
  private static final int WINDOW = 4096;

  private static final int STEP = 4;

  @Override
  public String name() {
    return "smallthinker";
  }

  @Override
  public ModelConfig config(GgufFile gguf) {
    ConfigReader reader = new ConfigReader(gguf, name()).window(0, 4, true).windowSize(WINDOW);
    // The peers take a step of as many as there are layers for "all are turned".
    if (reader.slides() && reader.nLayer() != STEP) {
      reader.withoutRope(STEP, 0);
    }
    ExpertConfig.Gating gating = reader.gating(ExpertConfig.Gating.SOFTMAX);
    return reader
        .rmsNorm()
        .rope(RopeStyle.NEOX)
        .slidingRope(0, true)
        .gated(ActivationFunction.RELU)
        .experts(gating, true, true)
        .read();
  }
}
