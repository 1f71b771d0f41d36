package dev.thermocline.engine.sample;

import dev.thermocline.engine.SamplingParams;
import java.util.SplittableRandom;

/**
 * Draws tokens for one sequence. Holds its generator and its memory: drawing allocates nothing. The
 * order of the filters is that of {@link SamplingParams}.
 */
public final class Sampler {
  private final SamplingParams params;
  private final SplittableRandom random;
  private final int[] biasTokens;
  private final float[] biases;
  private final Candidates candidates;

  public Sampler(SamplingParams params, int vocabulary) {
    this.params = params;
    this.random = new SplittableRandom(params.seed());
    this.biasTokens =
        params.logitBias().keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.biases = new float[biasTokens.length];
    for (int i = 0; i < biases.length; i++) {
      biases[i] = params.logitBias().getOrDefault(biasTokens[i], 0f);
      if (biasTokens[i] < 0 || biasTokens[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "logit bias: expected tokens 0 to " + (vocabulary - 1) + ", got " + biasTokens[i]);
      }
    }
    this.candidates =
        new Candidates(params.topK() == 0 ? vocabulary : Math.min(params.topK(), vocabulary));
  }

  /**
   * Draws one token.
   *
   * @param logits changed in place, from {@code offset} on, {@code vocabulary} of them
   * @param history tokens of the sequence so far
   * @param length how many
   */
  public int sample(float[] logits, int offset, int vocabulary, int[] history, int length) {
    for (int i = 0; i < biases.length; i++) {
      logits[offset + biasTokens[i]] += biases[i];
    }
    penalize(logits, offset, vocabulary, history, length);
    if (params.temperature() == 0) {
      return argmax(logits, offset, vocabulary);
    }
    candidates.select(logits, offset, vocabulary);
    candidates.softmax(params.temperature());
    int kept = candidates.cut(params.topP(), params.minP());
    return candidates.draw(kept, random.nextDouble());
  }

  /** Each token of the window is penalized once, however often it occurs. */
  private void penalize(float[] logits, int offset, int vocabulary, int[] history, int length) {
    float penalty = params.repetitionPenalty();
    if (penalty == 1) {
      return;
    }
    int first = Math.max(0, length - params.penaltyWindow());
    for (int i = first; i < length; i++) {
      int token = history[i];
      if (token < vocabulary && !contains(history, first, i, token)) {
        float logit = logits[offset + token];
        logits[offset + token] = logit > 0 ? logit / penalty : logit * penalty;
      }
    }
  }

  private static boolean contains(int[] history, int from, int to, int token) {
    for (int i = from; i < to; i++) {
      if (history[i] == token) {
        return true;
      }
    }
    return false;
  }

  /** The most likely token; of equals the first. */
  public static int argmax(float[] logits, int offset, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }
}
