package dev.thermocline.engine.sample;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.TokenConstraint;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable WholeVocabulary whole;
  private final @Nullable DrawCounts counts;
  private final @Nullable Logprobs logprobs;
  private final @Nullable TokenMask mask;

  /** Draws freely. */
  public Sampler(SamplingParams params, int vocabulary) {
    this(params, GenerationRequest.NO_LOGPROBS, null, vocabulary);
  }

  /** Draws what a request asks for. */
  public Sampler(GenerationRequest request, int vocabulary) {
    this(request.sampling(), request.topLogprobs(), cursor(request.constraint()), vocabulary);
  }

  private Sampler(
      SamplingParams params,
      int topLogprobs,
      @Nullable TokenConstraint constraint,
      int vocabulary) {
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
    boolean draws = params.temperature() > 0;
    boolean unranked = params.topK() == 0 && params.topP() == 1;
    this.whole = draws && unranked ? new WholeVocabulary(vocabulary) : null;
    int ranks = params.topK() == 0 ? vocabulary : Math.min(params.topK(), vocabulary);
    this.candidates = new Candidates(draws && !unranked ? ranks : 0);
    boolean counted = params.frequencyPenalty() != 0 || params.presencePenalty() != 0;
    this.counts = counted ? new DrawCounts(vocabulary) : null;
    this.logprobs = topLogprobs >= 0 ? new Logprobs(topLogprobs, vocabulary) : null;
    this.mask = constraint == null ? null : new TokenMask(constraint, vocabulary);
  }

  private static @Nullable TokenConstraint cursor(@Nullable Constraint constraint) {
    return constraint == null ? null : constraint.start();
  }

  /**
   * Draws one token.
   *
   * @param logits changed in place, from {@code offset} on, {@code vocabulary} of them
   * @param history tokens of the sequence so far
   * @param length how many
   * @throws dev.thermocline.engine.constrain.ConstraintException if no token of the vocabulary may
   *     come next
   */
  public int sample(float[] logits, int offset, int vocabulary, int[] history, int length) {
    if (logprobs != null) {
      logprobs.observe(logits, offset);
    }
    if (mask != null) {
      mask.apply(logits, offset, vocabulary);
    }
    adjust(logits, offset, vocabulary, history, length);
    int token = choose(logits, offset, vocabulary);
    if (logprobs != null) {
      logprobs.drawn(token);
    }
    if (counts != null) {
      counts.add(token);
    }
    if (mask != null) {
      mask.constraint().advance(token);
    }
    return token;
  }

  private void adjust(float[] logits, int offset, int vocabulary, int[] history, int length) {
    for (int i = 0; i < biases.length; i++) {
      logits[offset + biasTokens[i]] += biases[i];
    }
    penalize(logits, offset, vocabulary, history, length);
    if (counts != null) {
      counts.penalize(logits, offset, params.frequencyPenalty(), params.presencePenalty());
    }
  }

  private int choose(float[] logits, int offset, int vocabulary) {
    if (params.temperature() == 0) {
      int best = argmax(logits, offset, vocabulary);
      return logits[offset + best] == Float.NEGATIVE_INFINITY ? first() : best;
    }
    int token =
        whole == null ? ranked(logits, offset, vocabulary) : unranked(whole, logits, offset);
    return token < 0 ? first() : token;
  }

  private int unranked(WholeVocabulary all, float[] logits, int offset) {
    double sum = all.weigh(logits, offset, params.temperature(), params.minP());
    return all.draw(random.nextDouble(), sum);
  }

  /** A token of those that top-k or top-p leave, -1 if all are forbidden. */
  private int ranked(float[] logits, int offset, int vocabulary) {
    candidates.select(logits, offset, vocabulary);
    if (candidates.size() == 0) {
      return -1;
    }
    candidates.softmax(params.temperature());
    int kept = candidates.cut(params.topP(), params.minP());
    return candidates.draw(kept, random.nextDouble());
  }

  /** What is left when biases have ruled out everything. */
  private int first() {
    return mask == null ? 0 : mask.first();
  }

  /** Of the last draw, where the request asks for them. */
  public @Nullable Logprobs logprobs() {
    return logprobs;
  }

  /** Whether the constraint lets nothing follow what was drawn. */
  public boolean isFinished() {
    return mask != null && mask.constraint().isFinished();
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
