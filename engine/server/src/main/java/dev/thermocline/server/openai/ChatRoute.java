package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.tools.OutputParser;
import dev.thermocline.engine.tools.Thinking;
import dev.thermocline.engine.tools.ToolCalls;
import dev.thermocline.engine.tools.ToolFormat;
import dev.thermocline.engine.tools.ToolsInWords;
import dev.thermocline.engine.tools.VisibleMarkers;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    ToolReader tools = ToolReader.read(parameters);
    PromptText text = Prompts.render(model, conversation(model, parameters, tools, true));
    CallOptions options = CallOptions.read(parameters, model.model().config().nVocab(), 0, 1);
    int topLogprobs = CallOptions.topLogprobs(parameters);
    Shape shape = shape(model, parameters, tools, text);
    int[] prompt = Prompts.checked(model, "messages", model.tokenizer().encode(text, true));
    List<GenerationRequest> requests = new ArrayList<>();
    for (int choice = 0; choice < options.choices(); choice++) {
      requests.add(
          new GenerationRequest(
                  prompt,
                  options.room(model.engine().context(), prompt.length),
                  options.sampling(choice),
                  shape.constraint() == null && parameters.flag("ignore_eos"))
              .withKeep(options.keep())
              .withTopLogprobs(topLogprobs)
              .withConstraint(shape.constraint()));
    }
    ReplyHead head = ReplyHead.chat(model.id(), options.usage());
    new TextCalls(serving)
        .answer(
            exchange,
            model,
            new TextCalls.Work(
                requests,
                prompt.length,
                new VisibleMarkers(model.tokenizer()),
                shape.held(),
                () ->
                    new PartsParser(
                        new OutputParser(shape.format(), shape.thinking(), shape.callsOrText()),
                        shape.format())),
            options,
            new ChatFormat(head, topLogprobs >= 0));
  }

  /**
   * What an answer looks like.
   *
   * @param held whether it is all of a form, so that its first space is part of it
   * @param format how tools are called; null without tools
   * @param callsOrText whether it calls tools or is of a form
   */
  private record Shape(
      @Nullable Constraint constraint,
      boolean held,
      @Nullable ToolFormat format,
      Thinking thinking,
      boolean callsOrText) {}

  private static Shape shape(
      ServedModel model, Parameters parameters, ToolReader tools, PromptText prompt) {
    Constraint form = ConstraintReader.read(parameters, model);
    Thinking thinking = Thinking.of(model.templateSource(), prompt.text());
    if (tools.isEmpty()) {
      return form == null
          ? new Shape(null, false, null, thinking, false)
          : new Shape(form, true, null, Thinking.NONE, false);
    }
    String json = ConstraintReader.jsonSchema(parameters).orElse(null);
    if (form != null && json == null) {
      throw ApiException.invalid(
          "tools", "tools: expected none beside a grammar or regex, got both");
    }
    ToolFormat format = ToolFormat.of(model.templateSource());
    boolean forced = !(tools.choice() instanceof dev.thermocline.engine.tools.ToolChoice.Auto);
    // Where a call is forced, there is no other answer.
    String schema = forced ? null : json;
    // A model that has to call something need not know when to stop: one call, unless more are
    // wanted.
    boolean parallel =
        parameters.node("parallel_tool_calls") == null
            ? !forced
            : parameters.flag("parallel_tool_calls");
    ToolCalls calls = calls(format, tools, parallel, thinking);
    Constraint constraint =
        ConstraintReader.compile(
            "tools",
            model,
            c -> schema == null ? c.toolCalls(calls) : c.toolCallsOrJson(calls, schema));
    return new Shape(constraint, forced || schema != null, format, thinking, schema != null);
  }

  private static ToolCalls calls(
      ToolFormat format, ToolReader tools, boolean parallel, Thinking thinking) {
    try {
      return new ToolCalls(format, tools.tools(), tools.choice(), parallel, thinking);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("tools", String.valueOf(e.getMessage()));
    }
  }

  /** The conversation of a request. */
  static Conversation conversation(
      ServedModel model, Parameters parameters, ToolReader tools, boolean reply) {
    List<Map<String, Object>> messages = MessagesReader.read(parameters);
    ToolFormat format = ToolFormat.of(model.templateSource());
    boolean shown = format != ToolFormat.GENERIC;
    return new Conversation(
        shown ? CallIds.fitting(format, messages) : ToolsInWords.of(messages, tools.tools()),
        shown ? tools.shown() : List.of(),
        MessagesReader.options(parameters),
        reply);
  }
}
