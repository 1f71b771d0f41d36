package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.server.http.EventStream;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}. */
public final class CompletionRoute implements Handler {
  /** OpenAI's own default. */
  private static final int MAX_TOKENS = 16;

  private static final int MOST_LOGPROBS = 20;
  private static final int MOST_SCORES = 1 << 20;

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
    boolean echo = parameters.flag("echo");
    // Nothing but the prompt itself may be wanted, for its scores.
    CallOptions options =
        CallOptions.read(parameters, model.model().config().nVocab(), MAX_TOKENS, echo ? 0 : 1);
    if (!parameters.string("suffix").orElse("").isEmpty()) {
      throw parameters.wrong("suffix", "none, for filling in the middle is not supported");
    }
    if (parameters.integer("best_of", 1, CallOptions.MOST_CHOICES).orElse(options.choices())
        != options.choices()) {
      throw parameters.wrong("best_of", "as many as n, which is " + options.choices());
    }
    int topLogprobs =
        (int)
            parameters.integer("logprobs", 0, MOST_LOGPROBS).orElse(GenerationRequest.NO_LOGPROBS);
    if (echo && topLogprobs >= 0) {
      checkScores(parameters, prompts, options.choices() * (1L + topLogprobs));
    }
    Constraint constraint = ConstraintReader.read(parameters, model);
    List<GenerationRequest> requests = new ArrayList<>();
    List<String> echoes = new ArrayList<>();
    List<List<TokenScore>> echoScores = new ArrayList<>();
    int promptTokens = 0;
    for (TextInput prompt : prompts) {
      int[] tokens = Prompts.checked(model, "prompt", prompt.tokens());
      promptTokens += tokens.length;
      List<TokenScore> scores =
          echo && topLogprobs >= 0 ? PromptScores.of(model, prompt, topLogprobs) : List.of();
      for (int choice = 0; choice < options.choices(); choice++) {
        requests.add(
            new GenerationRequest(
                    tokens,
                    Math.max(1, options.room(model.engine().context(), tokens.length)),
                    options.sampling(choice),
                    constraint == null && parameters.flag("ignore_eos"))
                .withKeep(options.keep())
                .withTopLogprobs(topLogprobs)
                .withConstraint(constraint));
        echoes.add(echo ? prompt.text(model) : "");
        echoScores.add(scores);
      }
    }
    ReplyHead head = ReplyHead.completion(model.id(), options.usage());
    CompletionFormat format = new CompletionFormat(head, echoes, echoScores, topLogprobs >= 0);
    if (options.maxTokens() == 0) {
      sendEchoes(exchange, format, options, echoes.size(), new Usage(promptTokens, 0, 0));
      return;
    }
    new TextCalls(serving)
        .answer(
            exchange,
            model,
            new TextCalls.Work(requests, promptTokens, model.tokenizer(), true, ReplyParser::plain),
            options,
            format);
  }

  /** All scores of prompts are in memory before they leave. */
  private static void checkScores(
      Parameters parameters, List<TextInput> prompts, long scoresOfAToken) {
    long scores = scoresOfAToken * prompts.stream().mapToLong(p -> p.tokens().length).sum();
    if (scores > MOST_SCORES) {
      throw parameters.wrong(
          "logprobs", "with echo at most " + MOST_SCORES + " scores in all, not " + scores);
    }
  }

  /** Answers with the prompts alone. */
  private void sendEchoes(
      Exchange exchange, CompletionFormat format, CallOptions options, int choices, Usage usage) {
    if (!options.stream()) {
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < choices; i++) {
        Answer answer = new Answer();
        answer.finish("length");
        answers.add(answer);
      }
      exchange.sendJson(200, format.whole(answers, usage));
      return;
    }
    try (EventStream events = new EventStream(exchange, serving.pingInterval())) {
      for (int i = 0; i < choices; i++) {
        ObjectNode opening = format.opening(i);
        if (opening != null) {
          events.send(opening);
        }
        events.send(format.end(i, "length"));
      }
      if (options.usage()) {
        events.send(format.usage(usage));
      }
      events.sendDone();
    }
  }
}
