package dev.thermocline.predictor.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.PlantedLayer;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OverlayCodecTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final int WIDTH = 64;
  private static final int NEURONS = 96;

  private static final PlantedLayer LAYER = new PlantedLayer(WIDTH, NEURONS, 8, -1, 8);

  private static Overlay overlay() {
    LayerProfile first = LAYER.profile(LAYER.forward(40), 40);
    LayerProfile second = LAYER.profile(LAYER.forward(40), 40);
    LowRankParameters lowRank =
        new LowRankParameters(
            Floats.tensor("a", TensorFormats.Q8_0, 32, WIDTH, LAYER.gaussian(32 * WIDTH, 1)),
            Floats.tensor("b", TensorFormats.F16, NEURONS, 32, LAYER.gaussian(NEURONS * 32, 1)),
            -0.25f,
            SelectorInput.RESIDUAL);
    Tensor cutoffs = Floats.tensor("c", 1, NEURONS, new float[NEURONS]);
    Tensor norms = Floats.tensor("n", 1, WIDTH, new float[WIDTH]);
    return new Overlay(
        DIGEST,
        new ActivationProfile(List.of(first, second)),
        List.of(new LayerSelectors(lowRank, null), new LayerSelectors(null, cutoffs)),
        List.of(
            new WinaParameters("blk.0.attn_q.weight", norms, 0.5f, 0.4),
            new WinaParameters("blk.1.ffn_up.weight", norms, 0.25f, 0.4)),
        List.of(
            new QualityReport("gate-first", 100, 0, 1, 12.5, 12.5, 0.1, 1e6),
            new QualityReport("wina-40", 100, 0.01, 0.97, Double.NaN, Double.NaN, 0.6, 2e6)));
  }

  @Test
  void comesBackAsItWas() throws OverlayException {
    Overlay overlay = overlay();
    Overlay back = OverlayCodec.decode(OverlayCodec.encode(overlay), DIGEST);
    assertEquals(DIGEST, back.modelDigest());
    for (int l = 0; l < 2; l++) {
      LayerProfile expected = overlay.profile().layer(l);
      LayerProfile found = back.profile().layer(l);
      assertEquals(expected.tokens(), found.tokens());
      for (int i = 0; i < NEURONS; i++) {
        assertEquals(expected.count(i), found.count(i));
        assertEquals(expected.energy(i), found.energy(i), 1e-6 * expected.energy(i));
        assertEquals(expected.absUp(i), found.absUp(i), 1e-6 * expected.absUp(i));
      }
    }
    LowRankParameters lowRank = back.layers().getFirst().lowRank();
    assertNotNull(lowRank);
    assertEquals("blk.0.fc1.weight", lowRank.fc1().name());
    assertEquals(-0.25f, lowRank.threshold());
    assertEquals(SelectorInput.RESIDUAL, lowRank.input());
    assertNull(back.layers().getLast().lowRank());
    assertNotNull(back.layers().getLast().energyCutoffs());
    assertEquals("blk.1.ffn_up.weight", back.wina().getLast().linear());
    assertEquals(0.25f, back.wina().getLast().threshold());
    assertEquals(overlay.quality(), back.quality());
  }

  @Test
  void countsBeyondFloatPrecisionAreRoundedNotRefused() throws OverlayException {
    long tokens = (1L << 24) + 3;
    LayerProfile profile =
        LayerProfile.of(tokens, new long[] {tokens, tokens - 1}, new double[2], new double[2]);
    Overlay overlay =
        new Overlay(
            DIGEST,
            new ActivationProfile(List.of(profile)),
            List.of(LayerSelectors.NONE),
            List.of(),
            List.of());
    Overlay back = OverlayCodec.decode(OverlayCodec.encode(overlay), DIGEST);
    assertEquals(0.0, (double) (tokens - back.profile().layer(0).count(0)), 2);
    assertTrue(back.profile().layer(0).count(0) <= tokens);
  }

  @Test
  void anotherModelsOverlayIsStaleNotDamaged() {
    OverlayException e =
        assertThrows(
            OverlayException.class,
            () -> OverlayCodec.decode(OverlayCodec.encode(overlay()), "f".repeat(64)));
    assertEquals(OverlayException.Reason.STALE, e.reason());
    assertEquals(
        "stale overlay: it was made for the model with SHA-256 "
            + DIGEST
            + ", this model has "
            + "f".repeat(64)
            + "; calibrate again",
        e.getMessage());
  }

  @Test
  void numbersMayComeBackInNarrowerTypes() throws OverlayException {
    EncodedOverlay encoded = OverlayCodec.encode(overlay());
    Map<String, Object> metadata = new LinkedHashMap<>(encoded.metadata());
    metadata.replaceAll((key, value) ->
        switch (value) {
          case Long number -> number.intValue();
          case Double number -> number.floatValue();
          case long[] numbers -> java.util.Arrays.stream(numbers).mapToInt(n -> (int) n).toArray();
          default -> value;
        });
    assertEquals(
        0.5f,
        OverlayCodec.decode(new EncodedOverlay(metadata, encoded.tensors()), DIGEST)
            .wina()
            .getFirst()
            .threshold());
  }

  @Test
  void faultsNameTheirPlace() {
    assertFault(m -> m.remove(OverlayCodec.TOKENS), "thermocline.profile.tokens: expected a value");
    assertFault(
        m -> m.put(OverlayCodec.VERSION, 2L),
        "damaged overlay: thermocline.version: expected version 1, got 2");
    assertFault(
        m -> m.put("general.architecture", "llama\n"),
        "general.architecture: expected thermocline-overlay, got 'llama?'");
    assertFault(
        m -> m.put(OverlayCodec.NEURONS, new long[] {NEURONS, 1L << 40}),
        "blk.1.profile: expected [3][1099511627776], got [3][96]");
    assertFault(m -> m.put(OverlayCodec.NEURONS, new long[1 << 20]), "expected 1 to 4096 layers");
    assertFault(
        m -> m.put(OverlayCodec.WINA + "count", 1L << 60),
        "thermocline.wina.count: expected a whole");
    assertFault(
        m -> m.put(OverlayCodec.WINA + "count", 1L), "wina.1.norms: expected no such tensor");
    assertFault(
        m -> m.put(OverlayCodec.LOW_RANK + "0.threshold", Double.NaN),
        "thermocline.low_rank.0.threshold: expected a number");
  }

  private static void assertFault(
      java.util.function.Consumer<Map<String, Object>> change, String expected) {
    EncodedOverlay encoded = OverlayCodec.encode(overlay());
    Map<String, Object> metadata = new LinkedHashMap<>(encoded.metadata());
    change.accept(metadata);
    OverlayException e =
        assertThrows(
            OverlayException.class,
            () -> OverlayCodec.decode(new EncodedOverlay(metadata, encoded.tensors()), DIGEST));
    assertEquals(OverlayException.Reason.DAMAGED, e.reason());
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
    assertFalse(String.valueOf(e.getMessage()).contains("\n"));
  }

  @Test
  void thousandsOfMutationsEndInErrorsOrWholeOverlays() {
    EncodedOverlay encoded = OverlayCodec.encode(overlay());
    int refused = 0;
    for (long seed = 0; seed < 2000; seed++) {
      EncodedOverlay mutated = new Mutation(new SplittableRandom(seed)).of(encoded);
      try {
        Overlay overlay = OverlayCodec.decode(mutated, DIGEST);
        assertEquals(overlay.layers().size(), overlay.profile().layers().size(), "seed " + seed);
      } catch (OverlayException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertTrue(refused > 1000, "refused " + refused);
  }

  /** Changes one to three things of a container. */
  private record Mutation(SplittableRandom random) {
    private static final Object[] VALUES = {
      "",
      "x",
      0L,
      -1L,
      1L,
      3L,
      Long.MAX_VALUE,
      Double.NaN,
      -0.5,
      1e300,
      new long[0],
      new long[] {-1, 5},
      new long[] {Long.MAX_VALUE, 96},
      new double[] {1},
      new double[6],
      new double[] {Double.NaN, 2, 0, 0, 7, -1},
      1.5f,
      true,
      List.of("a")
    };

    EncodedOverlay of(EncodedOverlay encoded) {
      Map<String, Object> metadata = new LinkedHashMap<>(encoded.metadata());
      List<Tensor> tensors = new ArrayList<>(encoded.tensors());
      for (int i = random.nextInt(3); i >= 0; i--) {
        if (random.nextInt(3) == 0) {
          mutate(metadata);
        } else {
          mutate(tensors);
        }
      }
      return new EncodedOverlay(metadata, tensors);
    }

    private void mutate(Map<String, Object> metadata) {
      List<String> keys = new ArrayList<>(metadata.keySet());
      String key = keys.get(random.nextInt(keys.size()));
      Object value = metadata.get(key);
      switch (random.nextInt(4)) {
        case 0 -> metadata.remove(key);
        case 1 -> metadata.put(key, VALUES[random.nextInt(VALUES.length)]);
        case 2 -> metadata.put(keys.get(random.nextInt(keys.size())), value);
        default -> metadata.put(key, nudged(value));
      }
    }

    private Object nudged(Object value) {
      return switch (value) {
        case Long number -> number + random.nextInt(-2, 3);
        case Double number -> number * random.nextInt(-2, 3);
        case String text -> text.isEmpty() ? "?" : text.substring(1);
        case long[] numbers -> java.util.Arrays.copyOf(numbers, random.nextInt(4));
        case double[] numbers -> java.util.Arrays.copyOf(numbers, random.nextInt(8));
        default -> value;
      };
    }

    private void mutate(List<Tensor> tensors) {
      if (tensors.isEmpty()) {
        return;
      }
      int at = random.nextInt(tensors.size());
      Tensor tensor = tensors.get(at);
      switch (random.nextInt(5)) {
        case 0 -> tensors.remove(at);
        case 1 -> tensors.add(tensor);
        case 2 -> tensors.set(at, Floats.renamed(name(tensors, tensor), tensor));
        case 3 -> tensors.set(at, reshaped(tensor));
        default -> tensors.set(at, scribbled(tensor));
      }
    }

    private String name(List<Tensor> tensors, Tensor tensor) {
      return random.nextBoolean()
          ? tensors.get(random.nextInt(tensors.size())).name()
          : tensor.name() + "x";
    }

    private Tensor reshaped(Tensor tensor) {
      if (random.nextBoolean() && tensor.rows() > 1) {
        return tensor.rows(0, 1 + random.nextInt(tensor.rows()));
      }
      TensorFormat f32 = TensorFormats.F32;
      int elements = (int) (tensor.data().byteSize() / 4);
      return new Tensor(
          tensor.name(), f32, new Shape(1, elements), tensor.data().asSlice(0, elements * 4L));
    }

    private Tensor scribbled(Tensor tensor) {
      MemorySegment copy = java.lang.foreign.Arena.ofAuto().allocate(tensor.data().byteSize(), 64);
      copy.copyFrom(tensor.data());
      for (int i = 0; i < 8; i++) {
        copy.set(
            ValueLayout.JAVA_BYTE,
            random.nextLong(copy.byteSize()),
            (byte) (random.nextBoolean() ? 0xff : random.nextInt()));
      }
      return new Tensor(tensor.name(), tensor.format(), tensor.shape(), copy);
    }
  }

  @Test
  void overlaysThatDoNotFitTogetherCannotBeMade() {
    Overlay overlay = overlay();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Overlay(
                DIGEST, overlay.profile(), List.of(LayerSelectors.NONE), List.of(), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Overlay("short", overlay.profile(), overlay.layers(), List.of(), List.of()));
    assertArrayEquals(
        new long[] {40, 40},
        (long[]) OverlayCodec.encode(overlay).metadata().get(OverlayCodec.TOKENS));
  }
}
