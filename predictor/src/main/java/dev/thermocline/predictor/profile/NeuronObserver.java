package dev.thermocline.predictor.profile;

/** Looks at the neurons of a profiling forward pass. One thread at a time. */
@FunctionalInterface
public interface NeuronObserver {

  /**
   * Takes note of one layer's first {@code n} tokens; keeps no reference to {@code values}.
   *
   * @param layer from 0
   */
  void observe(int layer, NeuronValues values, int n);
}
