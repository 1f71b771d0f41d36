package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/completions}. */
public final class CompletionRoute implements Handler {
  /** OpenAI's own default. */
  private static final int MAX_TOKENS = 16;

  private static final int MOST_LOGPROBS = 20;

  private final Serving serving;

  public CompletionRoute(Serving serving) {
    this.serving = serving;
  }

  @Override
  public void handle(Exchange exchange) throws InterruptedException {
    Parameters parameters = new Parameters(exchange.body());
    serving.calls().checkOpen();
    try (ModelPool.Lease lease = serving.pool().acquire(parameters.string("model").orElse(null))) {
      answer(exchange, lease.model(), parameters);
    }
  }

  private void answer(Exchange exchange, ServedModel model, Parameters parameters)
      throws InterruptedException {
    List<TextInput> prompts = TextInput.read(parameters, "prompt", model);
    CallOptions options = CallOptions.read(parameters, model.model().config().nVocab(), MAX_TOKENS);
    if (!parameters.string("suffix").orElse("").isEmpty()) {
      throw parameters.wrong("suffix", "none, for filling in the middle is not supported");
    }
    if (parameters.integer("best_of", 1, CallOptions.MOST_CHOICES).orElse(options.choices())
        != options.choices()) {
      throw parameters.wrong("best_of", "as many as n, which is " + options.choices());
    }
    boolean echo = parameters.flag("echo");
    int topLogprobs =
        (int)
            parameters.integer("logprobs", 0, MOST_LOGPROBS).orElse(GenerationRequest.NO_LOGPROBS);
    Constraint constraint = ConstraintReader.read(parameters, model);
    List<GenerationRequest> requests = new ArrayList<>();
    List<String> echoes = new ArrayList<>();
    int promptTokens = 0;
    for (TextInput prompt : prompts) {
      int[] tokens = Prompts.checked(model, "prompt", prompt.tokens());
      promptTokens += tokens.length;
      for (int choice = 0; choice < options.choices(); choice++) {
        requests.add(
            new GenerationRequest(
                    tokens,
                    options.room(model.engine().context(), tokens.length),
                    options.sampling(choice),
                    constraint == null && parameters.flag("ignore_eos"))
                .withKeep(options.keep())
                .withTopLogprobs(topLogprobs)
                .withConstraint(constraint));
        echoes.add(echo ? prompt.text(model) : "");
      }
    }
    ReplyHead head = ReplyHead.completion(model.id(), options.usage());
    new TextCalls(serving)
        .answer(
            exchange,
            model,
            new TextCalls.Work(requests, promptTokens, model.tokenizer(), true, ReplyParser::plain),
            options,
            new CompletionFormat(head, echoes, topLogprobs >= 0));
  }
}
