package dev.thermocline.server.openai;

import dev.thermocline.engine.CacheOptions;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.server.http.ApiException;
import java.util.OptionalLong;

/**
 * What chat completions and completions ask for alike.
 *
 * @param maxTokens 0 for as many as fit
 * @param keep first tokens that stay where contexts shift, as the engine has it
 * @param usage whether a stream ends with what it cost
 */
record CallOptions(
    SamplingParams sampling, int choices, int maxTokens, int keep, boolean stream, boolean usage) {
  static final int MOST_CHOICES = 16;

  /**
   * Reads them.
   *
   * @param least that may be asked for in tokens
   */
  static CallOptions read(Parameters parameters, int vocabulary, int defaultMaxTokens, int least) {
    boolean stream = parameters.flag("stream");
    boolean usage =
        parameters.inner("stream_options").map(o -> o.flag("include_usage")).orElse(false);
    int choices = (int) parameters.integer("n", 1, MOST_CHOICES).orElse(1);
    return new CallOptions(
        SamplingReader.read(parameters, vocabulary),
        choices,
        maxTokens(parameters, defaultMaxTokens, least),
        (int)
            parameters
                .integer("n_keep", CacheOptions.KEEP_PROMPT, Integer.MAX_VALUE)
                .orElse(GenerationRequest.KEEP_AS_ENGINE),
        stream,
        stream && usage);
  }

  private static int maxTokens(Parameters parameters, int otherwise, int least) {
    OptionalLong newer = parameters.integer("max_completion_tokens", least, Integer.MAX_VALUE);
    OptionalLong older = parameters.integer("max_tokens", least, Integer.MAX_VALUE);
    return (int) (newer.isPresent() ? newer : older).orElse(otherwise);
  }

  /** Tokens asked for after a prompt, or what fits; the engine ends earlier where it must. */
  int room(int context, int prompt) {
    return maxTokens == 0 ? context - prompt : maxTokens;
  }

  /** Choices of one request differ by their seeds. */
  SamplingParams sampling(int choice) {
    return choice == 0 ? sampling : sampling.toBuilder().seed(sampling.seed() + choice).build();
  }

  /**
   * How many alternatives of each token get their log-probabilities.
   *
   * @throws ApiException if it is asked for without {@code logprobs}
   */
  static int topLogprobs(Parameters parameters) {
    boolean wanted = parameters.flag("logprobs");
    OptionalLong top = parameters.integer("top_logprobs", 0, 20);
    if (top.isPresent() && top.getAsLong() > 0 && !wanted) {
      throw ApiException.invalid(
          "top_logprobs", "top_logprobs: expected logprobs to be true as well");
    }
    return wanted ? (int) top.orElse(0) : GenerationRequest.NO_LOGPROBS;
  }
}
