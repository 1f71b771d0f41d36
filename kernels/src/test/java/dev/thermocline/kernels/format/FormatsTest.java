package dev.thermocline.kernels.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What formats mean, by the numbers that GGUF's own Python package gives for the same bytes. */
class FormatsTest {

  /** CRC-32 of the floats of 64 random blocks, NaNs made alike. */
  @ParameterizedTest
  @CsvSource({
    "Q8_0, 65dd5809",
    "Q4_0, e036a265",
    "Q4_1, 63ac5858",
    "Q5_0, cdd580ca",
    "Q5_1, 67fdaa21",
    "Q2_K, a1c9547a",
    "Q3_K, 18b31194",
    "Q4_K, 205140ab",
    "Q5_K, 9d983460",
    "Q6_K, c86a3bc3",
    "IQ4_NL, ee0c78a7",
    "IQ4_XS, ed50750c",
    "MXFP4, 2bd41a9c",
    "IQ2_XXS, 0501a7b5",
    "IQ2_XS, 04ac5a7d",
    "IQ2_S, a62f4a23",
    "IQ3_XXS, 81495a7a",
    "IQ3_S, f0225302",
    "IQ1_S, 90b69c11",
    "IQ1_M, 2a42671f",
    "TQ1_0, 5d37f14e",
    "TQ2_0, 4a3f3670"
  })
  void blocksMeanWhatTheSpecificationSays(String name, String checksum) {
    TensorFormat format =
        TensorFormats.all().stream()
            .filter(f -> f.toString().equals(name))
            .findFirst()
            .orElseThrow();
    byte[] blocks = new byte[64 * format.blockBytes()];
    new Random(format.ggufId()).nextBytes(blocks);
    float[] values = new float[64 * format.blockElements()];
    format.decode(MemorySegment.ofArray(blocks), 0, values, 0, values.length);
    MemorySegment bits = MemorySegment.ofArray(new byte[4 * values.length]);
    for (int i = 0; i < values.length; i++) {
      bits.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, Float.floatToIntBits(values[i]));
    }
    CRC32 crc = new CRC32();
    crc.update(bits.asByteBuffer());
    assertEquals(checksum, "%08x".formatted(crc.getValue()));
  }

  static List<EncodableFormat> encodable() {
    return TensorFormats.encodable();
  }

  /** Largest root mean squared error of normally distributed values, relative to their size. */
  private static final Map<String, Double> ERRORS =
      Map.of(
          "F32", 0.0, "F16", 3e-4, "BF16", 2e-3, "Q8_0", 0.006, "Q6_K", 0.018, "Q5_K", 0.037,
          "Q5_1", 0.046, "Q5_0", 0.055, "Q4_K", 0.073, "Q4_1", 0.092);

  @ParameterizedTest
  @MethodSource("encodable")
  void valuesAreRoundedWell(EncodableFormat format) {
    Random random = new Random(2);
    float[] values = new float[256 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.05f;
    }
    float[] decoded = roundTrip(format, values);
    double error = 0;
    double power = 0;
    for (int i = 0; i < values.length; i++) {
      error += Math.pow(values[i] - decoded[i], 2);
      power += Math.pow(values[i], 2);
    }
    double relative = Math.sqrt(error / power);
    assertTrue(relative <= ERRORS.getOrDefault(format.toString(), 0.11), format + ": " + relative);
  }

  /** Zeros stay zeros; what cannot be represented does no harm. */
  @ParameterizedTest
  @MethodSource("encodable")
  void extremesAreEncoded(EncodableFormat format) {
    float[] values = new float[256 * 8];
    Arrays.fill(values, 256, 512, 3f);
    Arrays.fill(values, 512, 768, -3f);
    Arrays.fill(values, 768, 1024, Float.NaN);
    Arrays.fill(values, 1024, 1280, Float.POSITIVE_INFINITY);
    Arrays.fill(values, 1280, 1536, Float.MAX_VALUE);
    Arrays.fill(values, 1536, 1792, Float.MIN_VALUE);
    values[1800] = 1f;
    float[] decoded = roundTrip(format, values);
    for (int i = 0; i < 256; i++) {
      assertEquals(0f, Math.abs(decoded[i]), format + " element " + i);
      assertEquals(3f, decoded[256 + i], 0.2f, format.toString());
      assertEquals(-3f, decoded[512 + i], 0.2f, format.toString());
    }
    assertEquals(1f, decoded[1800], 0.1f, format.toString());
  }

  private static float[] roundTrip(EncodableFormat format, float[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[(int) format.bytes(values.length)]);
    format.encode(values, 0, values.length, data, 0);
    float[] decoded = new float[values.length];
    format.decode(data, 0, decoded, 0, decoded.length);
    return decoded;
  }

  @Test
  void numbersAndNamesAreUnique() {
    long ids = TensorFormats.all().stream().map(TensorFormat::ggufId).distinct().count();
    long names = TensorFormats.all().stream().map(TensorFormat::toString).distinct().count();
    assertEquals(TensorFormats.all().size(), ids);
    assertEquals(ids, names);
    for (TensorFormat format : TensorFormats.all()) {
      assertEquals(format, TensorFormats.byGgufId(format.ggufId()).orElseThrow());
    }
    assertTrue(TensorFormats.byGgufId(9999).isEmpty());
  }
}
