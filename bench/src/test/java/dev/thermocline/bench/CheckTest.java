package dev.thermocline.bench;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.HostActivations;
import org.junit.jupiter.api.Test;

/** The check that every benchmark makes before it is measured. */
class CheckTest {
  private final HostActivations expected = new Inputs().activations(2, 100);
  private final HostActivations actual = new Inputs().activations(2, 100);

  @Test
  void acceptsRounding() {
    actual.values()[17] += 1e-6f;
    Check.close("test", expected, actual, 2, Check.ROUNDING);
  }

  @Test
  void refusesWrongAndUndefinedValues() {
    for (float wrong : new float[] {0.25f, Float.NaN, Float.POSITIVE_INFINITY}) {
      actual.values()[150] = expected.values()[150] + wrong;
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () -> Check.close("product", expected, actual, 2, Check.ROUNDING));
      assertTrue(String.valueOf(thrown.getMessage()).startsWith("product: expected"));
      // The row is not looked at if only the first is asked for.
      Check.close("product", expected, actual, 1, Check.ROUNDING);
    }
  }
}
