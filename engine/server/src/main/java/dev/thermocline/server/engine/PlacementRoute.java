package dev.thermocline.server.engine;

import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import dev.thermocline.server.http.Exchange;
import dev.thermocline.server.http.Handler;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.ModelPool;
import dev.thermocline.server.models.ServedModel;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /api/engine/placement}: which neurons are where, by groups. */
public final class PlacementRoute implements Handler {
  /** Neurons of a group. */
  static final int GROUP = 1 << NeuronBlock.GROUP_SHIFT;

  private static final int FULL = 255;

  private final ModelPool pool;

  public PlacementRoute(ModelPool pool) {
    this.pool = pool;
  }

  @Override
  public void handle(Exchange exchange) throws InterruptedException {
    try (ModelPool.Lease lease = pool.acquire(null)) {
      exchange.sendJson(200, describe(lease.model()));
    }
  }

  private static ObjectNode describe(ServedModel model) {
    List<LayerPlacement> layers = model.engine().runner().placement().layers();
    ActivationProfile profile = model.engine().runner().profile();
    ObjectNode body = Json.object();
    body.put("model", model.id());
    body.put("epoch", epoch(layers));
    body.put("summary", model.engine().runner().summary());
    body.put("context", model.engine().context());
    body.put("parallel", model.admission().running());
    body.put("group", GROUP);
    ArrayNode list = body.putArray("layers");
    for (int i = 0; i < layers.size(); i++) {
      LayerProfile known = profile == null || profile.tokens() == 0 ? null : profile.layer(i);
      list.add(layer(layers.get(i), known));
    }
    return body;
  }

  /** Changes when neurons move, as when a GPU is lost. */
  static int epoch(List<LayerPlacement> layers) {
    int hash = 1;
    for (LayerPlacement layer : layers) {
      hash = 31 * hash + layer.hot().count() * 2 + (layer.attentionOnDevice() ? 1 : 0);
    }
    return hash;
  }

  private static ObjectNode layer(LayerPlacement layer, @Nullable LayerProfile profile) {
    ObjectNode node = Json.object();
    node.put("neurons", layer.neurons());
    node.put("hot", layer.hot().count());
    node.put("attention", layer.attentionOnDevice() ? "gpu" : "cpu");
    RowSet hot = layer.hot();
    node.put("hot_groups", groups(layer.neurons(), i -> hot.contains(i) ? 1 : 0));
    node.put("frequency", profile == null ? null : groups(layer.neurons(), profile::frequency));
    return node;
  }

  /** A number for each neuron. */
  @FunctionalInterface
  private interface PerNeuron {
    double of(int neuron);
  }

  /** The means of groups as bytes in base64. */
  private static String groups(int neurons, PerNeuron values) {
    byte[] bytes = new byte[NeuronBlock.groups(neurons)];
    for (int group = 0; group < bytes.length; group++) {
      int end = Math.min(neurons, (group + 1) * GROUP);
      double sum = 0;
      for (int i = group * GROUP; i < end; i++) {
        sum += values.of(i);
      }
      bytes[group] = (byte) Math.round(FULL * sum / (end - group * GROUP));
    }
    return Base64.getEncoder().encodeToString(bytes);
  }
}
