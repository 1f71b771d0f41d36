package dev.thermocline.engine.sample;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.TokenConstraint;

/** Takes what a constraint forbids out of the logits. */
final class TokenMask {
  private final TokenConstraint constraint;
  private final long[] allowed;

  TokenMask(TokenConstraint constraint, int vocabulary) {
    this.constraint = constraint;
    this.allowed = new long[(vocabulary + 63) / 64];
  }

  /**
   * Makes the logits of all other tokens minus infinity.
   *
   * @throws ConstraintException if the vocabulary has no token that may come next
   */
  void apply(float[] logits, int offset, int vocabulary) {
    if (!constraint.fill(allowed)) {
      throw new ConstraintException(
          "constraint: expected a token that goes on, the vocabulary has none");
    }
    for (int word = 0; word < allowed.length; word++) {
      int first = word * 64;
      forbid(~allowed[word], logits, offset + first, Math.min(64, vocabulary - first));
    }
  }

  private static void forbid(long bits, float[] logits, int offset, int count) {
    if (bits == -1) {
      java.util.Arrays.fill(logits, offset, offset + count, Float.NEGATIVE_INFINITY);
      return;
    }
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      if (bit < count) {
        logits[offset + bit] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** The first token that may come; a bias may have taken the likelihood of all. */
  int first() {
    int word = 0;
    while (allowed[word] == 0) {
      word++;
    }
    return word * 64 + Long.numberOfTrailingZeros(allowed[word]);
  }

  TokenConstraint constraint() {
    return constraint;
  }
}
