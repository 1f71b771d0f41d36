package dev.thermocline.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.PromptCacheException;
import dev.thermocline.kernels.KvFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of prompts end in an error, whatever was damaged, sums that match included. */
class PromptCacheFuzzTest {
  private static final int MUTATIONS = 20_000;
  private static final int PAGE_BYTES = 256;
  private static final int VOCABULARY = 100;
  private static final Map<String, String> IDENTITY =
      new TreeMap<>(Map.of("model", "0123456789abcdef", "shape", "2 layers", "type", "F32"));

  @TempDir Path folder;

  @Test
  void damagedFilesEndInErrors() throws Exception {
    Path file = folder.resolve("prompt.cache");
    long seed = Long.getLong("thermocline.fuzz.seed", 20261125);
    SplittableRandom random = new SplittableRandom(seed);
    int[] tokens = random.ints(96, 0, VOCABULARY).toArray();
    int refused = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(PAGE_BYTES);
      new PromptCacheWriter(IDENTITY, page)
          .write(file, tokens, 3, (index, to) -> to.fill((byte) index));
      byte[] good = Files.readAllBytes(file);
      assertArrayEquals(tokens, read(file, page));
      for (int i = 0; i < MUTATIONS; i++) {
        Files.write(file, mutated(good, random));
        refused += refuses(file, page, "seed " + seed + ", mutation " + i) ? 1 : 0;
      }
    }
    System.out.println(
        "prompt cache fuzz: seed " + seed + ", " + refused + " of " + MUTATIONS + " refused");
    // The others changed a byte into itself, or a value into another one, under a sum that matches.
    assertTrue(refused > MUTATIONS / 2, "refused " + refused);
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bad = good.clone();
    if (random.nextInt(8) == 0) {
      return Arrays.copyOf(bad, random.nextInt(2 * good.length));
    }
    for (int c = random.nextInt(4); c >= 0; c--) {
      int limit = random.nextBoolean() ? bad.length : 160;
      bad[random.nextInt(limit)] = (byte) random.nextInt(-2, 256);
    }
    if (random.nextBoolean()) {
      CRC32C sum = new CRC32C();
      sum.update(bad, 0, bad.length - 8);
      ByteBuffer.wrap(bad).putLong(bad.length - 8, sum.getValue());
    }
    return bad;
  }

  private static boolean refuses(Path file, MemorySegment page, String what) throws IOException {
    try {
      read(file, page);
      return false;
    } catch (PromptCacheException e) {
      assertTrue(e.getMessage() != null && e.getMessage().length() < 500, what);
      return true;
    }
  }

  private static int[] read(Path file, MemorySegment page) throws IOException {
    try (PromptCacheReader reader = new PromptCacheReader(file, IDENTITY, VOCABULARY, PAGE_BYTES)) {
      for (int i = 0; i < reader.tokens().length / 32; i++) {
        reader.next(page);
        FiniteValues.check(page, KvFormat.F32, file);
      }
      reader.verify();
      return reader.tokens();
    }
  }
}
