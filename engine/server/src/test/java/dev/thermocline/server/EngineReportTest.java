package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server says of its engine's inside, in metrics and events. */
class EngineReportTest {
  private static final String TEXT =
      "{'prompt':'Once upon a time','max_tokens':100,'temperature':0,'ignore_eos':true}";

  @TempDir Path folder;

  private static double value(String metrics, String line) {
    Matcher found =
        Pattern.compile(Pattern.quote(line) + " (\\S+)$", Pattern.MULTILINE).matcher(metrics);
    assertTrue(found.find(), line + " in\n" + metrics);
    return Double.parseDouble(found.group(1));
  }

  @Test
  void metricsShowRecallTimesAndBatches() throws Exception {
    try (ThermoclineServer server =
            new TestServer().start("predicted", PredictedModel.write(folder));
        Client client = new Client(server)) {
      // Every layer has looked at a token after 256 steps.
      for (int i = 0; i < 3; i++) {
        assertEquals(200, client.post("/v1/completions", TEXT).status());
      }
      String metrics = client.text("/metrics");
      for (int layer = 0; layer < 4; layer++) {
        String labels = "{layer=\"" + layer + "\",model=\"predicted\"}";
        assertEquals(0.5, value(metrics, "thermocline_predictor_predicted_share" + labels));
        double truly = value(metrics, "thermocline_predictor_true_share" + labels);
        assertTrue(truly > 0.01 && truly < 0.6, metrics);
        double recall = value(metrics, "thermocline_predictor_recall" + labels);
        assertTrue(recall > 0.1 && recall < 0.9, metrics);
        String part = "{layer=\"" + layer + "\",model=\"predicted\",part=\"";
        assertTrue(value(metrics, "thermocline_layer_seconds_total" + part + "cpu\"}") > 0);
        assertEquals(0, value(metrics, "thermocline_layer_seconds_total" + part + "gpu\"}"));
        assertEquals(0, value(metrics, "thermocline_layer_seconds_total" + part + "wait\"}"));
      }
      double tokens = value(metrics, "thermocline_layer_timed_tokens_total{model=\"predicted\"}");
      assertTrue(tokens >= 300, metrics);
      double steps = value(metrics, "thermocline_batch_size_count{model=\"predicted\"}");
      assertEquals(steps, value(metrics, "thermocline_batch_size_sum{model=\"predicted\"}"));
      assertEquals(
          steps, value(metrics, "thermocline_batch_size_bucket{model=\"predicted\",le=\"1.0\"}"));
      assertTrue(value(metrics, "thermocline_prompt_chunk_tokens_count{model=\"predicted\"}") >= 1);
    }
  }

  @Test
  void exactSelectionHasNoRecall() throws Exception {
    try (ThermoclineServer server = new TestServer().start();
        Client client = new Client(server)) {
      client.post("/v1/completions", TEXT);
      String metrics = client.text("/metrics");
      assertTrue(!metrics.contains("thermocline_predictor_recall{"), metrics);
      assertTrue(
          value(metrics, "thermocline_layer_active_share{layer=\"0\",model=\"hearth\"}") > 0);
      assertTrue(
          value(metrics, "thermocline_bytes_per_token{layers=\"all\",model=\"hearth\"}") > 0);
    }
  }

  @Test
  void eventsShowRecallTimesAndBatches() throws Exception {
    try (ThermoclineServer server =
            new TestServer().start("predicted", PredictedModel.write(folder));
        Client client = new Client(server)) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.port() + "/api/engine/events"))
              .build();
      try (Stream<String> lines = client.http().send(request, BodyHandlers.ofLines()).body()) {
        Iterator<String> data = lines.filter(line -> line.startsWith("data: ")).iterator();
        CompletableFuture<Void> texts = CompletableFuture.runAsync(() -> post(client));
        JsonNode event = next(data);
        while (event.get("recall").isNull() || event.get("times").isEmpty()) {
          event = next(data);
        }
        assertEquals(0.5, event.get("predicted_share").doubleValue());
        assertEquals(1, event.get("batch_size").doubleValue());
        assertEquals(4, event.get("layers").size());
        assertTrue(event.at("/layers/0/recall").doubleValue() > 0, event.toString());
        assertEquals(0.5, event.at("/layers/0/predicted_share").doubleValue());
        assertTrue(event.at("/layers/0/true_share").doubleValue() > 0, event.toString());
        assertEquals(4, event.get("times").size());
        assertTrue(event.at("/times/3/cpu_ms").doubleValue() > 0, event.toString());
        assertEquals(0, event.at("/times/3/gpu_ms").doubleValue());
        texts.join();
      }
    }
  }

  private static void post(Client client) {
    try {
      for (int i = 0; i < 3; i++) {
        client.post("/v1/completions", TEXT);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode next(Iterator<String> data) {
    return Client.JSON.readTree(data.next().substring(6));
  }
}
