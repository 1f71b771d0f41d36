package dev.thermocline.predictor.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.predictor.PlantedLayer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerProfileTest {

  private static HostActivations values(int cols, float... values) {
    HostActivations a = new HostActivations(values.length / cols, cols);
    System.arraycopy(values, 0, a.values(), 0, values.length);
    return a;
  }

  @Test
  void countsFiringsEnergyAndMagnitudes() {
    LayerProfile profile = new LayerProfile(3);
    float[] norms = {1, 2, 3};
    profile.observe(values(3, 0, 1, -2, 0, 3, 0), values(3, 1, -1, 2, 3, -3, 0), 2, norms, 0);
    assertEquals(2, profile.tokens());
    assertEquals(
        List.of(0L, 2L, 1L), List.of(profile.count(0), profile.count(1), profile.count(2)));
    assertEquals(4 + 36, profile.energy(1), 1e-9);
    assertEquals(36, profile.energy(2), 1e-9);
    assertEquals(4, profile.absUp(0), 1e-9);
    assertEquals(0.5, profile.activeShare(), 1e-9);
    assertEquals(2 / 3.0, profile.coverage(1), 1e-9);
    assertEquals(1, profile.coverage(3), 1e-9);
    assertArrayEquals(new int[] {1, 2, 0}, profile.byFrequency());
    assertArrayEquals(new float[] {2, 4, 3}, profile.outputWeights(norms, true), 1e-6f);
    assertArrayEquals(norms, profile.outputWeights(norms, false));
  }

  @Test
  void outputsAtOrBelowTheFloorAreSilent() {
    LayerProfile profile = new LayerProfile(2);
    profile.observe(values(2, 0.5f, 0.5f), null, 1, new float[] {1, 2}, 0.5f);
    assertEquals(0, profile.count(0));
    assertEquals(1, profile.count(1));
  }

  @Test
  void mergingEqualsSeeingBothTexts() {
    PlantedLayer layer = new PlantedLayer(16, 40, 4, -1, 2);
    NeuronValues first = layer.forward(50);
    NeuronValues second = layer.forward(30);
    LayerProfile all = layer.profile(first, 50);
    all.observe(second.hidden(), second.up(), 30, layer.downNorms, 0);
    LayerProfile merged = layer.profile(first, 50);
    LayerProfile other = new LayerProfile(40);
    other.observe(second.hidden(), second.up(), 30, layer.downNorms, 0);
    merged.merge(other);
    assertEquals(80, merged.tokens());
    for (int i = 0; i < 40; i++) {
      assertEquals(all.count(i), merged.count(i));
      assertEquals(all.energy(i), merged.energy(i), 1e-9 * all.energy(i));
      assertEquals(all.absUp(i), merged.absUp(i), 1e-9 * all.absUp(i));
    }
    assertThrows(IllegalArgumentException.class, () -> merged.merge(new LayerProfile(41)));
  }

  @Test
  void skewnessGoesFromEvenToOne() {
    long[] even = {5, 5, 5, 5};
    long[] single = new long[1000];
    single[17] = 5;
    assertEquals(0, LayerProfile.of(5, even, new double[4], new double[4]).skewness(), 1e-12);
    assertEquals(
        0.999, LayerProfile.of(5, single, new double[1000], new double[1000]).skewness(), 1e-9);
    assertEquals(0, new LayerProfile(3).skewness());
  }

  @Test
  void theObserverFillsTheLayerItIsToldOf() {
    PlantedLayer layer = new PlantedLayer(16, 40, 4, -1, 2);
    NeuronValues values = layer.forward(20);
    ActivationProfile profile = ActivationProfile.empty(3, 40);
    ProfileObserver observer =
        new ProfileObserver(profile, List.of(layer.downNorms, layer.downNorms, layer.downNorms), 0);
    observer.observe(1, values, 20);
    assertEquals(0, profile.layer(0).tokens());
    assertEquals(20, profile.layer(1).tokens());
    assertTrue(profile.layer(1).activeShare() > 0);
    assertEquals(profile.layer(1).activeShare() / 3, profile.activeShare(), 1e-12);
    // Without a gate there is no magnitude of up to be weighed.
    assertEquals(0, profile.layer(1).absUp(0));
  }

  @Test
  void impossibleProfilesAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LayerProfile.of(5, new long[] {6}, new double[1], new double[1]));
    assertEquals(
        "profile: neuron 0: expected 0 to 5 firings and finite sums, got 6, 0.0, 0.0",
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> LayerProfile.of(5, new long[] {1}, new double[] {Double.NaN}, new double[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> LayerProfile.of(5, new long[2], new double[1], new double[2]));
  }
}
