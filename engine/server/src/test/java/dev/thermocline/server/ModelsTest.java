package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.synthetic.SyntheticModel;
import dev.thermocline.engine.synthetic.SyntheticShape;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.server.models.ModelCatalog;
import dev.thermocline.server.models.ModelEntry;
import dev.thermocline.server.models.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several models, tiny and random, loaded when asked for and let go when they have to. */
@Timeout(120)
class ModelsTest {
  @TempDir Path folder;
  private ModelEntry one;
  private ModelEntry two;
  private ModelEntry broken;

  @BeforeEach
  void write() throws Exception {
    one = tiny("one");
    two = tiny("two");
    Path damaged = folder.resolve("broken.gguf");
    Files.write(damaged, new byte[100]);
    broken = TestServer.entry("me/broken:F32", damaged);
  }

  private ModelEntry tiny(String name) throws Exception {
    Path file = folder.resolve(name + ".gguf");
    SyntheticModel.write(SyntheticShape.of("tiny-llama"), TensorFormats.F32, 0.1, file);
    return TestServer.entry("me/" + name + ":F32", file);
  }

  private ModelCatalog catalog() {
    List<ModelEntry> all = List.of(one, two, broken);
    return new ModelCatalog() {
      @Override
      public List<ModelEntry> list() {
        return all;
      }

      @Override
      public Optional<ModelEntry> find(String name) {
        return all.stream().filter(entry -> entry.id().equals(name)).findFirst();
      }
    };
  }

  private static int ask(Client client, String model) throws Exception {
    return client
        .post("/v1/completions", "{'model':'" + model + "','prompt':'x','max_tokens':2}")
        .status();
  }

  private static boolean isLoaded(Client client, ModelEntry entry) throws Exception {
    return client.get("/v1/models/" + entry.id()).body().at("/meta/loaded").booleanValue();
  }

  /** Nobody has asked for a form yet, and whoever does need not wait. */
  @Test
  void preparesConstraintsOnceAModelIsThere() throws Exception {
    try (ThermoclineServer server = new TestServer().start()) {
      ServedModel model = server.ready().join();
      assertSame(
          model.constraints().get(60, java.util.concurrent.TimeUnit.SECONDS),
          model.engine().constraints());
    }
  }

  @Test
  void loadsWhatIsAskedForAndLetsGoWhatDoesNotFitBesides() throws Exception {
    long room = Files.size(one.path()) * 5 / 2;
    TestServer settings = new TestServer().catalog(catalog(), room, Duration.ofHours(1));
    try (ThermoclineServer server = settings.start("main", one.path());
        Client client = new Client(server)) {
      assertEquals(4, client.get("/v1/models").body().get("data").size());
      assertFalse(isLoaded(client, one));
      assertEquals(200, ask(client, one.id()));
      assertTrue(isLoaded(client, one));
      assertEquals(200, ask(client, two.id()));
      assertFalse(isLoaded(client, one));
      assertTrue(isLoaded(client, two));
      assertEquals(200, ask(client, "main"));
      assertEquals(200, ask(client, "default"));
      Client.Reply failed =
          client.post("/v1/completions", "{'model':'me/broken:F32','prompt':'x'}");
      assertEquals(500, failed.status());
      assertTrue(failed.error("message").contains("me/broken:F32"), failed.error("message"));
      assertEquals(404, ask(client, "me/three:F32"));
      assertEquals(200, ask(client, one.id()));
    }
  }

  @Test
  void letsGoWhatNobodyUses() throws Exception {
    TestServer settings = new TestServer().catalog(catalog(), Long.MAX_VALUE, Duration.ZERO);
    try (ThermoclineServer server = settings.start("main", one.path());
        Client client = new Client(server)) {
      assertEquals(200, ask(client, two.id()));
      while (isLoaded(client, two)) {
        Thread.sleep(20);
      }
      assertEquals(200, ask(client, two.id()));
      assertTrue(client.get("/v1/models/main").body().at("/meta/loaded").booleanValue());
    }
  }

  @Test
  void holdsRandomWeightsToFormsAndTools() throws Exception {
    try (ThermoclineServer server = new TestServer().start("random", one.path());
        Client client = new Client(server)) {
      String start = "{'messages':[{'role':'user','content':'x'}],'temperature':1.5,'seed':1,";
      JsonNode form =
          client
              .post(
                  "/v1/chat/completions",
                  start
                      + "'max_tokens':60,'response_format':{'type':'json_schema','json_schema':"
                      + "{'name':'s','schema':{'type':'object','properties':{'a':{'type':'boolean'}},"
                      + "'required':['a'],'additionalProperties':false}}}}")
              .body();
      assertTrue(
          Client.JSON
              .readTree(form.at("/choices/0/message/content").stringValue())
              .get("a")
              .isBoolean());
      JsonNode call =
          client
              .post(
                  "/v1/chat/completions",
                  start
                      + "'max_tokens':200,'tool_choice':'required','parallel_tool_calls':false,"
                      + "'tools':[{'type':'function','function':{'name':'f','parameters':"
                      + "{'type':'object','properties':{'a':{'enum':[1,2]}},'required':['a']}}}]}")
              .body();
      assertEquals(
          "f", call.at("/choices/0/message/tool_calls/0/function/name").asString(call.toString()));
    }
  }
}
