package dev.thermocline.server.openai;

import dev.thermocline.models.ModelConfig;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /props}: what is served and with which defaults. */
public final class PropsRoute implements Handler {
  private final Serving serving;

  public PropsRoute(Serving serving) {
    this.serving = serving;
  }

  @Override
  public void handle(Exchange exchange) throws InterruptedException {
    try (ModelPool.Lease lease = serving.pool().acquire(null)) {
      exchange.sendJson(200, describe(lease.model()));
    }
  }

  private static ObjectNode describe(ServedModel model) {
    ModelConfig config = model.model().config();
    ObjectNode body = Json.object();
    body.put("model", model.id());
    body.put("architecture", config.architecture());
    body.put("n_ctx", model.engine().context());
    body.put("n_ctx_train", config.contextLength());
    body.put("n_vocab", config.nVocab());
    body.put("total_slots", model.admission().running());
    body.put("placement", model.engine().runner().summary());
    body.put("chat_template", model.templateSource());
    body.put("chat_template_is_fallback", !model.hasOwnTemplate());
    ObjectNode defaults = body.putObject("default_generation_settings");
    defaults.put("temperature", 0.8);
    defaults.put("top_k", SamplingReader.TOP_K);
    defaults.put("top_p", 0.95);
    defaults.put("min_p", 0);
    defaults.put("repeat_penalty", 1);
    return body;
  }
}
