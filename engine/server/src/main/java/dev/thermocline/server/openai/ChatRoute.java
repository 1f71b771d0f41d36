package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
public final class ChatRoute implements Handler {
  private final Serving serving;

  public ChatRoute(Serving serving) {
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
    Conversation conversation = conversation(parameters, true);
    CallOptions options = CallOptions.read(parameters, model.model().config().nVocab(), 0);
    int topLogprobs = CallOptions.topLogprobs(parameters);
    Constraint constraint = ConstraintReader.read(parameters, model);
    int[] prompt = Prompts.encode(model, conversation);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int choice = 0; choice < options.choices(); choice++) {
      requests.add(
          new GenerationRequest(
                  prompt,
                  options.room(model.engine().context(), prompt.length),
                  options.sampling(choice),
                  constraint == null && parameters.flag("ignore_eos"))
              .withTopLogprobs(topLogprobs)
              .withConstraint(constraint));
    }
    ReplyHead head = ReplyHead.chat(model.id(), options.usage());
    new TextCalls(serving)
        .answer(
            exchange,
            model,
            new TextCalls.Work(requests, prompt.length, constraint != null, ReplyParser::plain),
            options,
            new ChatFormat(head, topLogprobs >= 0));
  }

  /** The conversation of a request. */
  static Conversation conversation(Parameters parameters, boolean reply) {
    return new Conversation(
        MessagesReader.read(parameters),
        MessagesReader.tools(parameters),
        MessagesReader.options(parameters),
        reply);
  }
}
