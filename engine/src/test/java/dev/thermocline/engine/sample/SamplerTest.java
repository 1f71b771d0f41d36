package dev.thermocline.engine.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.constrain.TokenConstraint;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final int DRAWS = 20_000;

  /** Logits whose softmax is 0.5, 0.3, 0.15, 0.05, at other places than in that order. */
  private static final float[] LOGITS = {
    (float) Math.log(0.15), (float) Math.log(0.5), (float) Math.log(0.05), (float) Math.log(0.3)
  };

  private static SamplingParams params(int topK, float topP, float minP) {
    return SamplingParams.builder()
        .temperature(1)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .seed(42)
        .build();
  }

  private static SamplingParams greedy(float penalty, int window, Map<Integer, Float> bias) {
    return SamplingParams.builder()
        .repetitionPenalty(penalty)
        .penaltyWindow(window)
        .logitBias(bias)
        .build();
  }

  /** Share of each token among many draws. */
  private static double[] shares(SamplingParams params) {
    Sampler sampler = new Sampler(params, LOGITS.length);
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[draw(sampler, LOGITS, new int[0])] += 1.0 / DRAWS;
    }
    return shares;
  }

  private static int draw(Sampler sampler, float[] logits, int[] history) {
    return sampler.sample(logits.clone(), 0, logits.length, history, history.length);
  }

  private static void assertShares(SamplingParams params, double... expected) {
    double[] shares = shares(params);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], shares[i], expected[i] == 0 ? 0 : 0.015, "token " + i);
    }
  }

  @Test
  void drawsFollowTheSoftmax() {
    assertShares(params(0, 1, 0), 0.15, 0.5, 0.05, 0.3);
  }

  @Test
  void temperatureFlattensAndSharpens() {
    // At temperature 1/2 probabilities are squared, then normalized.
    double sum = 0.25 + 0.09 + 0.0225 + 0.0025;
    SamplingParams sharp = SamplingParams.builder().temperature(0.5f).seed(3).build();
    assertShares(sharp, 0.0225 / sum, 0.25 / sum, 0.0025 / sum, 0.09 / sum);
    SamplingParams cold = sharp.toBuilder().temperature(1e-6f).build();
    assertShares(cold, 0, 1, 0, 0);
  }

  @Test
  void topKKeepsTheBest() {
    assertShares(params(1, 1, 0), 0, 1, 0, 0);
    assertShares(params(2, 1, 0), 0, 0.625, 0, 0.375);
    assertShares(params(99, 1, 0), 0.15, 0.5, 0.05, 0.3);
  }

  @Test
  void topPKeepsTheSmallestSetThatIsLikelyEnough() {
    assertShares(params(0, 0.7f, 0), 0, 0.625, 0, 0.375);
    assertShares(params(0, 0.85f, 0), 0.15 / 0.95, 0.5 / 0.95, 0, 0.3 / 0.95);
    assertShares(params(0, 0, 0), 0, 1, 0, 0);
  }

  @Test
  void minPDropsWhatIsFarBelowTheBest() {
    assertShares(params(0, 1, 0.2f), 0.15 / 0.95, 0.5 / 0.95, 0, 0.3 / 0.95);
    assertShares(params(0, 1, 0.5f), 0, 0.625, 0, 0.375);
    assertShares(params(0, 1, 1), 0, 1, 0, 0);
  }

  @Test
  void penaltyLowersRecentTokensOnceEach() {
    float[] logits = {4, 3, -1, -2};
    Sampler sampler = new Sampler(greedy(2, 3, Map.of()), 4);
    assertEquals(0, draw(sampler, logits, new int[] {}));
    assertEquals(1, draw(sampler, logits, new int[] {0, 0}));
    assertEquals(0, draw(sampler, logits, new int[] {0, 3, 3, 3}), "outside the window");
    // 4 / 2 twice would be 1 and lose to 3 / 2.
    assertEquals(0, draw(sampler, logits, new int[] {0, 1, 0}));
    float[] negative = {-1, -1.5f};
    assertEquals(1, draw(new Sampler(greedy(2, 3, Map.of()), 2), negative, new int[] {0}));
  }

  @Test
  void biasForbidsAndForces() {
    float never = Float.NEGATIVE_INFINITY;
    assertEquals(3, draw(new Sampler(greedy(1, 0, Map.of(1, never)), 4), LOGITS, new int[0]));
    assertEquals(2, draw(new Sampler(greedy(1, 0, Map.of(2, 50f)), 4), LOGITS, new int[0]));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new Sampler(greedy(1, 0, Map.of(4, 1f)), 4));
    assertEquals("logit bias: expected tokens 0 to 3, got 4", refused.getMessage());
  }

  @Test
  void ofEqualsTheFirstIsTaken() {
    float[] logits = {1, 2, 2, 2};
    assertEquals(1, draw(new Sampler(SamplingParams.greedy(), 4), logits, new int[0]));
    assertEquals(1, draw(new Sampler(params(1, 1, 0), 4), logits, new int[0]));
  }

  @Test
  void aSeedDecidesAll() {
    Sampler one = new Sampler(SamplingParams.defaults(7), 4);
    Sampler same = new Sampler(SamplingParams.defaults(7), 4);
    Sampler other = new Sampler(SamplingParams.defaults(8), 4);
    int differing = 0;
    for (int i = 0; i < 200; i++) {
      int drawn = draw(one, LOGITS, new int[0]);
      assertEquals(drawn, draw(same, LOGITS, new int[0]));
      differing += drawn == draw(other, LOGITS, new int[0]) ? 0 : 1;
    }
    assertTrue(differing > 20, "another seed, another text: " + differing);
  }

  @Test
  void logitsAreReadFromTheirOffset() {
    float[] two = {9, 9, 9, 9, 0, 1, 5, 2};
    assertEquals(2, new Sampler(SamplingParams.greedy(), 4).sample(two, 4, 4, new int[] {0, 1}, 2));
    assertEquals(2, new Sampler(params(1, 1, 0), 4).sample(two, 4, 4, new int[0], 0));
  }

  @Test
  void frequencyAndPresenceCountWhatWasDrawn() {
    float[] logits = {2, 1.5f, 0};
    Sampler frequent = new Sampler(SamplingParams.builder().frequencyPenalty(0.3f).build(), 3);
    int[] prompt = {0, 0, 0};
    // 2, 1.7, 1.4 < 1.5, then 1.4 and 1.2 take turns.
    int[] expected = {0, 0, 1, 0, 1, 0, 1};
    for (int token : expected) {
      assertEquals(token, draw(frequent, logits, prompt));
    }
    Sampler present = new Sampler(SamplingParams.builder().presencePenalty(1).build(), 3);
    for (int token : new int[] {0, 1, 0, 0}) {
      assertEquals(token, draw(present, logits, prompt));
    }
  }

  @Test
  void logprobsAreTheModelsOwn() {
    GenerationRequest request =
        new GenerationRequest(new int[] {1}, 1, greedy(1, 0, Map.of(2, 50f)), false)
            .withTopLogprobs(2);
    Sampler sampler = new Sampler(request, 4);
    assertEquals(2, draw(sampler, LOGITS, new int[0]));
    Logprobs logprobs = Objects.requireNonNull(sampler.logprobs());
    assertEquals(Math.log(0.05), logprobs.logprob(), 1e-6);
    assertEquals(2, logprobs.alternatives());
    assertEquals(1, logprobs.token(0));
    assertEquals(Math.log(0.5), logprobs.logprob(0), 1e-6);
    assertEquals(3, logprobs.token(1));
    assertEquals(Math.log(0.3), logprobs.logprob(1), 1e-6);
  }

  /** Allows even tokens, two of them. */
  private static final class EvenTokens implements TokenConstraint {
    private int drawn;

    @Override
    public boolean fill(long[] mask) {
      mask[0] = 0b0101;
      return true;
    }

    @Override
    public void advance(int token) {
      assertEquals(0, token % 2);
      drawn++;
    }

    @Override
    public boolean isComplete() {
      return drawn == 2;
    }

    @Override
    public boolean isFinished() {
      return isComplete();
    }
  }

  private static Sampler constrained(SamplingParams params) {
    return new Sampler(
        new GenerationRequest(new int[] {1}, 1, params, false).withConstraint(EvenTokens::new), 4);
  }

  @Test
  void aConstraintComesBeforeEverything() {
    Sampler greedy = constrained(SamplingParams.greedy());
    assertEquals(0, draw(greedy, LOGITS, new int[0]));
    assertFalse(greedy.isFinished());
    assertEquals(0, draw(greedy, LOGITS, new int[0]));
    assertTrue(greedy.isFinished());
    assertEquals(2, draw(constrained(greedy(1, 0, Map.of(2, 9f))), LOGITS, new int[0]));
    float never = Float.NEGATIVE_INFINITY;
    SamplingParams nothing = greedy(1, 0, Map.of(0, never, 2, never));
    assertEquals(0, draw(constrained(nothing), LOGITS, new int[0]));
    SamplingParams hot = nothing.toBuilder().temperature(2).build();
    assertEquals(0, draw(constrained(hot), LOGITS, new int[0]));
    Sampler drawing = constrained(SamplingParams.builder().temperature(1).seed(5).build());
    double zeros = 0;
    for (int i = 0; i < DRAWS; i++) {
      zeros += draw(drawing, LOGITS, new int[0]) == 0 ? 1.0 / DRAWS : 0;
    }
    assertEquals(0.75, zeros, 0.015);
  }
}
