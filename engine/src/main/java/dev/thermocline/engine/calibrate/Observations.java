package dev.thermocline.engine.calibrate;

import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.predictor.Norms;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.InputObserver;
import dev.thermocline.predictor.profile.NeuronObserver;
import dev.thermocline.predictor.profile.NeuronSamples;
import dev.thermocline.predictor.profile.ProfileObserver;
import dev.thermocline.predictor.profile.SampleObserver;
import dev.thermocline.predictor.profile.WinaObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that a calibration pass writes down. */
final class Observations {
  private final List<NeuronWeights> bundles;
  private final List<float[]> downNorms = new ArrayList<>();
  private final List<NeuronSamples> samples = new ArrayList<>();
  private final ActivationProfile profile;
  private final WinaObserver wina = new WinaObserver();
  private final WinaObserver magnitude = new WinaObserver();
  private final Map<String, float[]> columnNorms = new HashMap<>();
  private final List<NeuronObserver> neuronObservers;

  Observations(Model model, List<NeuronWeights> bundles, int tokens) {
    ModelConfig config = model.config();
    this.bundles = bundles;
    this.profile = ActivationProfile.empty(config.nLayer(), config.nFf());
    for (NeuronWeights layer : bundles) {
      downNorms.add(Norms.rows(layer.downT()));
      samples.add(new NeuronSamples(tokens, layer.width(), layer.neurons()));
    }
    watchLinears(model);
    // Without exact zeros every neuron is active; those of no weight at all still count as silent.
    float floor = 0f;
    this.neuronObservers =
        List.of(
            new ProfileObserver(profile, downNorms, floor),
            new SampleObserver(samples, downNorms, SelectorInput.NORMED, floor, 1));
  }

  /** All linear layers inside the blocks. */
  private void watchLinears(Model model) {
    for (GgufTensorInfo info : model.gguf().tensors()) {
      String name = info.name();
      boolean linear =
          name.matches("blk\\.\\d+\\.(attn_(q|k|v|output)|ffn_(gate|up|down))\\.weight");
      if (linear) {
        float[] norms = Norms.columns(model.gguf().tensor(name));
        columnNorms.put(name, norms);
        wina.watch(name, norms);
        float[] ones = new float[norms.length];
        Arrays.fill(ones, 1f);
        magnitude.watch(name, ones);
      }
    }
  }

  List<NeuronObserver> neuronObservers() {
    return neuronObservers;
  }

  List<InputObserver> inputObservers() {
    return List.of(wina, magnitude);
  }

  NeuronWeights bundles(int layer) {
    return bundles.get(layer);
  }

  float[] downNorms(int layer) {
    return downNorms.get(layer);
  }

  NeuronSamples samples(int layer) {
    return samples.get(layer);
  }

  ActivationProfile profile() {
    return profile;
  }

  /** Scores with column norms. */
  WinaObserver wina() {
    return wina;
  }

  /** Scores without: plain magnitudes. */
  WinaObserver magnitude() {
    return magnitude;
  }

  Map<String, float[]> columnNorms() {
    return columnNorms;
  }
}
