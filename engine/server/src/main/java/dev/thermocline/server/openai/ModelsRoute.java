package dev.thermocline.server.openai;

import dev.thermocline.models.ModelConfig;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.ModelEntry;
import dev.thermocline.server.models.ServedModel;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
public final class ModelsRoute {
  private final Serving serving;

  public ModelsRoute(Serving serving) {
    this.serving = serving;
  }

  /** Lists all models. */
  public void list(Exchange exchange) {
    ObjectNode body = Json.object();
    body.put("object", "list");
    ArrayNode data = body.putArray("data");
    serving.pool().entries().forEach(entry -> data.add(model(entry)));
    exchange.sendJson(200, body);
  }

  /** Shows one model. */
  public void show(Exchange exchange) {
    exchange.sendJson(200, model(serving.pool().entry(exchange.pathParameter("id"))));
  }

  private ObjectNode model(ModelEntry entry) {
    ObjectNode node = Json.object();
    node.put("id", entry.id());
    node.put("object", "model");
    node.put("created", entry.created().getEpochSecond());
    node.put("owned_by", "thermocline");
    Optional<ServedModel> loaded =
        serving.pool().loaded().stream().filter(m -> m.id().equals(entry.id())).findFirst();
    ObjectNode meta = node.putObject("meta");
    meta.put("loaded", loaded.isPresent());
    meta.put("size", entry.bytes());
    loaded.ifPresent(model -> describe(meta, model));
    return node;
  }

  private static void describe(ObjectNode meta, ServedModel model) {
    ModelConfig config = model.model().config();
    meta.put("architecture", config.architecture());
    meta.put("n_ctx", model.engine().context());
    meta.put("n_ctx_train", config.contextLength());
    meta.put("n_embd", config.nEmbd());
    meta.put("n_layer", config.nLayer());
    meta.put("n_vocab", config.nVocab());
  }
}
