package dev.thermocline.predictor.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.RowSet;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeuronPlacementTest {

  /** Layer l is hot exactly where its neurons' numbers are l modulo the number of layers. */
  private static ActivationProfile striped(int layers, int neurons) {
    List<LayerProfile> profiles = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      long[] counts = new long[neurons];
      for (int i = 0; i < neurons; i++) {
        counts[i] = i % layers == l ? 900 : 1;
      }
      profiles.add(LayerProfile.of(1000, counts, new double[neurons], new double[neurons]));
    }
    return new ActivationProfile(profiles);
  }

  @Test
  void everyLayerGetsItsOwnHotNeurons() {
    // More than ten layers: a peer sorted layer numbers as text and mixed up all after the second.
    int count = 24;
    ActivationProfile profile = striped(count, 24 * 16);
    List<LayerFootprint> layers =
        Collections.nCopies(
            count, new LayerFootprint(24 * 16, List.of(1024L), List.of(), List.of()));
    long capacity = count * 16L * 1024;
    NeuronPlacement placement =
        new PlacementSolver(new MachineProfile(1, 5, 0, 10), 16)
            .plan(
                new ModelFootprint(List.of(), layers, List.of()),
                profile,
                new MemoryBudget(capacity));
    for (int l = 0; l < count; l++) {
      RowSet hot = placement.layer(l).hot();
      assertEquals(16, hot.count(), "layer " + l);
      for (int i = l; i < 24 * 16; i += count) {
        assertTrue(hot.contains(i), "layer " + l + ", neuron " + i);
      }
      assertEquals(16 * 900 / (16 * 900 + 368.0), placement.expectedHitShare(profile, l), 1e-12);
    }
  }

  @Test
  void expectedHitShareIsTheShareOfFiringsCounted() {
    ActivationProfile profile = striped(3, 90);
    NeuronPlacement placement = NeuronPlacement.random(List.of(90, 90, 90), 5);
    for (int l = 0; l < 3; l++) {
      long hits = 0;
      long all = 0;
      for (int i = 0; i < 90; i++) {
        all += profile.layer(l).count(i);
        hits += placement.layer(l).hot().contains(i) ? profile.layer(l).count(i) : 0;
      }
      assertEquals((double) hits / all, placement.expectedHitShare(profile, l), 1e-12);
    }
  }

  @Test
  void forcedSharesTakeTheHottest() {
    ActivationProfile profile = striped(4, 64);
    for (double share : new double[] {0, 0.25, 0.5, 0.75, 1}) {
      NeuronPlacement placement = NeuronPlacement.hotShare(profile, share, true);
      for (int l = 0; l < 4; l++) {
        assertEquals((int) (share * 64), placement.layer(l).hot().count());
      }
    }
    assertTrue(NeuronPlacement.hotShare(profile, 0.25, true).layer(2).hot().contains(2));
  }

  @Test
  void randomPlacementsPartitionAndRepeat() {
    List<Integer> neurons = List.of(70, 1, 128);
    for (long seed = 0; seed < 20; seed++) {
      NeuronPlacement a = NeuronPlacement.random(neurons, seed);
      NeuronPlacement b = NeuronPlacement.random(neurons, seed);
      for (int l = 0; l < 3; l++) {
        LayerPlacement layer = a.layer(l);
        assertEquals(neurons.get(l), layer.hot().count() + layer.cold().count());
        org.junit.jupiter.api.Assertions.assertArrayEquals(
            layer.hot().words(), b.layer(l).hot().words());
      }
    }
  }

  @Test
  void overlappingSetsAreRefused() {
    RowSet hot = new RowSet(10);
    RowSet cold = new RowSet(10);
    IntStream.range(0, 5).forEach(hot::add);
    IntStream.range(4, 9).forEach(cold::add);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new LayerPlacement(hot, cold, false, false));
    assertEquals(
        "placement: expected no neuron in both sets, got one among the 64 from 0", e.getMessage());
  }
}
