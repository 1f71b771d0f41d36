package dev.thermocline.server.openai;

import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.metrics.RunMetrics;
import dev.thermocline.server.models.ServedModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One text under way: its pieces, with log-probabilities where asked for, and why it ended. */
final class TextRun {
  private final Tokenizer tokenizer;
  private final Generation generation;
  private final TextStream stream;
  private final RunMetrics metrics;
  private int scored;
  private long scoredBytes;
  private long sentBytes;

  /**
   * Submits a request.
   *
   * @param tokenizer that decodes the text
   * @param continuation whether the text goes on from a prompt without a break
   */
  TextRun(
      ServedModel model,
      Tokenizer tokenizer,
      GenerationRequest request,
      boolean continuation,
      RunMetrics metrics) {
    this.tokenizer = tokenizer;
    this.generation = submit(model, request);
    this.stream = new TextStream(tokenizer, generation, request.sampling().stop(), continuation);
    this.metrics = metrics;
  }

  private static Generation submit(ServedModel model, GenerationRequest request) {
    try {
      return model.engine().submit(request);
    } catch (IllegalStateException e) {
      throw ApiException.unavailable(1, "stopping", "the model is being unloaded");
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(null, String.valueOf(e.getMessage()));
    }
  }

  /** The next piece, never empty but perhaps the last one; null at the end. */
  Delta.@Nullable Content next() throws InterruptedException {
    try {
      String text = read();
      if (text == null) {
        return null;
      }
      sentBytes += text.getBytes(StandardCharsets.UTF_8).length;
      return new Delta.Content(text, scores());
    } catch (GenerationException e) {
      throw ApiException.failed(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String read() throws InterruptedException {
    while (true) {
      int before = stream.tokens();
      String text = stream.next();
      if (stream.tokens() > before) {
        metrics.token(generation);
      }
      if (text == null || !text.isEmpty()) {
        return text;
      }
    }
  }

  /** Scores of the tokens that the text so far begins with; those of a stop string are no part. */
  private List<TokenScore> scores() throws InterruptedException {
    if (!generation.hasLogprobs()) {
      return List.of();
    }
    List<TokenScore> scores = new ArrayList<>();
    while (scored < stream.tokens() && (!stream.stopped() || scoredBytes < sentBytes)) {
      int token = generation.await(scored);
      TokenScore score = TokenScore.of(tokenizer, generation, scored, token);
      scoredBytes += tokenizer.piece(token, false).length;
      scores.add(score);
      scored++;
    }
    return scores;
  }

  /** Tokens of the text, those of a stop string included. */
  int tokens() {
    return stream.tokens();
  }

  /** Prompt tokens that did not have to be computed. */
  int cachedTokens() {
    return generation.cachedTokens();
  }

  /** Ends it at the next token; may be called from any thread. */
  void cancel() {
    generation.cancel();
  }

  /**
   * Why the text ended, once {@link #next} has said that it did: {@code stop} or {@code length};
   * null if it was cancelled.
   */
  @Nullable String finishReason() {
    if (stream.stopped()) {
      return "stop";
    }
    FinishReason reason = generation.finish();
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case CANCELLED, FAILED -> null;
      case null -> null;
    };
  }
}
