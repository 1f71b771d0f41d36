package dev.thermocline.server.openai;

import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /tokenize}, {@code /detokenize} and {@code /apply-template}. */
public final class TokenRoutes {
  private final Serving serving;

  public TokenRoutes(Serving serving) {
    this.serving = serving;
  }

  /** Answers from a model and the parameters of a request. */
  @FunctionalInterface
  private interface Answerer {
    ObjectNode answer(ServedModel model, Parameters parameters);
  }

  private void answer(Exchange exchange, Answerer answerer) throws InterruptedException {
    Parameters parameters = new Parameters(exchange.body());
    try (ModelPool.Lease lease = serving.pool().acquire(parameters.string("model").orElse(null))) {
      exchange.sendJson(200, answerer.answer(lease.model(), parameters));
    }
  }

  /** Text to tokens. */
  public void tokenize(Exchange exchange) throws InterruptedException {
    answer(exchange, TokenRoutes::tokens);
  }

  private static ObjectNode tokens(ServedModel model, Parameters parameters) {
    String text =
        parameters.string("content").orElseThrow(() -> parameters.wrong("content", "a text"));
    boolean withPieces = parameters.flag("with_pieces");
    Tokenizer tokenizer = model.tokenizer();
    int[] tokens =
        tokenizer.encode(text, parameters.flag("parse_special"), parameters.flag("add_special"));
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("tokens");
    for (int token : tokens) {
      if (withPieces) {
        String piece =
            new String(tokenizer.piece(token, true), java.nio.charset.StandardCharsets.UTF_8);
        list.addObject().put("id", token).put("piece", piece);
      } else {
        list.add(token);
      }
    }
    body.put("count", tokens.length);
    return body;
  }

  /** Tokens to text. */
  public void detokenize(Exchange exchange) throws InterruptedException {
    answer(exchange, TokenRoutes::text);
  }

  private static ObjectNode text(ServedModel model, Parameters parameters) {
    JsonNode tokens = parameters.node("tokens");
    if (tokens == null || !tokens.isArray()) {
      throw parameters.wrong("tokens", "an array of token ids");
    }
    int[] ids = TextInput.tokens("tokens", tokens, model);
    return Json.object().put("content", model.tokenizer().decode(ids, true));
  }

  /** A conversation to the prompt that it becomes. */
  public void applyTemplate(Exchange exchange) throws InterruptedException {
    answer(exchange, TokenRoutes::prompt);
  }

  private static ObjectNode prompt(ServedModel model, Parameters parameters) {
    boolean reply =
        parameters.node("add_generation_prompt") == null
            || parameters.flag("add_generation_prompt");
    return Json.object()
        .put(
            "prompt",
            Prompts.render(
                    model,
                    ChatRoute.conversation(model, parameters, ToolReader.read(parameters), reply))
                .text());
  }
}
