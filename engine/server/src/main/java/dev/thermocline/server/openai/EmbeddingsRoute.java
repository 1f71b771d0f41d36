package dev.thermocline.server.openai;

import dev.thermocline.engine.GenerationException;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.Admission;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}. */
public final class EmbeddingsRoute implements Handler {
  private final Serving serving;

  public EmbeddingsRoute(Serving serving) {
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

  private void answer(Exchange exchange, ServedModel model, Parameters parameters) {
    List<TextInput> inputs = TextInput.read(parameters, "input", model);
    boolean base64 =
        parameters.choice("encoding_format", "float", "base64").orElse("float").equals("base64");
    int width = model.model().config().nEmbd();
    int dimensions = (int) parameters.integer("dimensions", 1, Integer.MAX_VALUE).orElse(width);
    if (dimensions != width) {
      throw parameters.wrong("dimensions", width + ", which is what model " + model.id() + " has");
    }
    int tokens = 0;
    for (TextInput input : inputs) {
      if (input.isEmpty()) {
        throw ApiException.invalid("input", "input: expected texts of at least one character");
      }
      tokens += Prompts.checked(model, "input", input.tokens()).length;
    }
    exchange.sendJson(200, vectors(exchange, model, inputs, base64, tokens));
  }

  private ObjectNode vectors(
      Exchange exchange, ServedModel model, List<TextInput> inputs, boolean base64, int tokens) {
    AtomicBoolean gone = new AtomicBoolean();
    exchange.onGone(() -> gone.set(true));
    ObjectNode body = Json.object();
    body.put("object", "list");
    ArrayNode data = body.putArray("data");
    try (Admission.Ticket _ = model.admission().admit(1)) {
      for (int i = 0; i < inputs.size() && !gone.get(); i++) {
        ObjectNode entry = data.addObject();
        entry.put("object", "embedding");
        entry.put("index", i);
        put(entry, embed(model, inputs.get(i).tokens()), base64);
      }
    }
    body.put("model", model.id());
    body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    serving.metrics().prompt(tokens, 0);
    return body;
  }

  private static float[] embed(ServedModel model, int[] tokens) {
    try {
      return model.engine().embed(tokens);
    } catch (GenerationException e) {
      throw ApiException.failed(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw ApiException.unavailable(1, "stopping", "the model is being unloaded");
    }
  }

  private static void put(ObjectNode entry, float[] vector, boolean base64) {
    if (base64) {
      ByteBuffer bytes =
          ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
      return;
    }
    ArrayNode numbers = entry.putArray("embedding");
    for (float x : vector) {
      numbers.add(x);
    }
  }
}
