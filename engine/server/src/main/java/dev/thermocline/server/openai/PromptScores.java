package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.text.LogSoftmax;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.models.Admission;
import dev.thermocline.server.models.ServedModel;
import dev.thermocline.server.openai.TokenScore.Alternative;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities of a prompt's tokens, each after those before it. */
final class PromptScores {
  private final Tokenizer tokenizer;
  private final int vocabulary;
  private final int top;
  private final List<TokenScore> scores = new ArrayList<>();

  private PromptScores(ServedModel model, int top) {
    this.tokenizer = model.tokenizer();
    this.vocabulary = model.model().config().nVocab();
    this.top = Math.min(top, vocabulary);
  }

  /**
   * Scores of the tokens that spell the prompt, without one that begins every text; the first one
   * has none.
   *
   * @param top how many alternatives each has
   */
  static List<TokenScore> of(ServedModel model, TextInput prompt, int top) {
    int[] tokens = prompt.tokens();
    int first = prompt.spelledFrom(model);
    PromptScores all = new PromptScores(model, top);
    all.scores.add(TokenScore.unknown(all.tokenizer, tokens[first], prompt.text(model)));
    try (Admission.Ticket _ = model.admission().admit(1)) {
      model
          .engine()
          .logits(
              tokens,
              (position, logits, offset) -> {
                if (position >= first && position + 1 < tokens.length) {
                  all.add(tokens[position + 1], logits, offset);
                }
              });
    } catch (GenerationException e) {
      throw ApiException.failed(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw ApiException.unavailable(1, "stopping", "the model is being unloaded");
    }
    return all.scores;
  }

  private void add(int token, float[] logits, int offset) {
    double sum = LogSoftmax.logSum(logits, offset, vocabulary);
    List<Alternative> best = new ArrayList<>();
    for (int other : best(logits, offset)) {
      best.add(
          new Alternative(
              (float) (logits[offset + other] - sum), TokenScore.bytes(tokenizer, other)));
    }
    scores.add(
        new TokenScore(
            token,
            (float) (logits[offset + token] - sum),
            best,
            TokenScore.bytes(tokenizer, token)));
  }

  /** The most likely tokens, best first: few of many, so each is put where it belongs. */
  private int[] best(float[] logits, int offset) {
    int[] best = new int[top];
    int count = 0;
    for (int token = 0; token < vocabulary && top > 0; token++) {
      float logit = logits[offset + token];
      if (count == top && logit <= logits[offset + best[top - 1]]) {
        continue;
      }
      int at = count < top ? count++ : top - 1;
      while (at > 0 && logits[offset + best[at - 1]] < logit) {
        best[at] = best[--at];
      }
      best[at] = token;
    }
    return best;
  }
}
