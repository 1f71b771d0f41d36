package dev.thermocline.engine.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.overlay.OverlayException;
import dev.thermocline.predictor.overlay.WinaParameters;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overlay files survive a round trip, and damaged ones end in an error, whatever was damaged. */
class OverlayFuzzTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final int MUTATIONS = 20_000;
  private static final long SEED = 20261125;

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws Exception {
    Path file = folder.resolve("model.gguf.thermo");
    OverlayStore.write(overlay(), file);
    Overlay read = OverlayStore.read(file, DIGEST);
    assertEquals(overlay().quality(), read.quality());
    assertEquals(32, Objects.requireNonNull(read.layers().getFirst().lowRank()).rank());
    assertEquals("blk.0.attn_q.weight", read.wina().getFirst().linear());
  }

  @Test
  void twentyThousandDamagedFilesEndInErrors() throws Exception {
    Path file = folder.resolve("model.gguf.thermo");
    OverlayStore.write(overlay(), file);
    byte[] good = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(SEED);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = mutated(good, random);
      Files.write(file, bad);
      refused += refuses(file, i) ? 1 : 0;
    }
    System.out.println(
        "overlay fuzz: seed "
            + SEED
            + ", "
            + refused
            + " of "
            + MUTATIONS
            + " mutated files refused");
    assertTrue(refused > MUTATIONS / 4, "mutations that change nothing are no test");
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bad = good.clone();
    if (random.nextInt(8) == 0) {
      return java.util.Arrays.copyOf(bad, random.nextInt(good.length));
    }
    int changes = 1 + random.nextInt(4);
    for (int c = 0; c < changes; c++) {
      // Most damage goes to the descriptions, which are a small part of the file.
      int limit = random.nextInt(4) == 0 ? bad.length : Math.min(bad.length, 2048);
      bad[random.nextInt(limit)] = (byte) random.nextInt(256);
    }
    return bad;
  }

  private static boolean refuses(Path file, int number) throws IOException {
    try {
      OverlayStore.read(file, DIGEST);
      return false;
    } catch (OverlayException | GgufFormatException e) {
      assertTrue(e.getMessage() != null && e.getMessage().length() < 500, "mutation " + number);
      return true;
    }
  }

  private static Overlay overlay() {
    LowRankParameters lowRank =
        new LowRankParameters(
            tensor("fc1", 32, 64), tensor("fc2", 96, 32), 0.25f, SelectorInput.NORMED);
    return new Overlay(
        DIGEST,
        ActivationProfile.empty(1, 96),
        List.of(new LayerSelectors(lowRank, tensor("cutoffs", 1, 96))),
        List.of(new WinaParameters("blk.0.attn_q.weight", tensor("norms", 1, 64), 0.5f, 0.25)),
        List.of(new QualityReport("gate-first", 100, 0.01, 0.9, 20, 21, 0.1, 1000)));
  }

  private static Tensor tensor(String name, int rows, int cols) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 7) * 0.125f;
    }
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 64);
    TensorFormats.F32.encode(values, 0, values.length, data, 0);
    return new Tensor(name, TensorFormats.F32, new Shape(rows, cols), data);
  }
}
