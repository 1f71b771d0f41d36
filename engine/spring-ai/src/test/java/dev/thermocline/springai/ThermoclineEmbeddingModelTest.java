package dev.thermocline.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.api.LocalModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

class ThermoclineEmbeddingModelTest {

  @Test
  void embeds() throws IOException {
    EngineOptions options = EngineOptions.defaults().withThreads(2).withDevice(DeviceMode.CPU);
    try (LocalModel local = LocalModel.open("default", options)) {
      ThermoclineEmbeddingModel model = new ThermoclineEmbeddingModel(local);
      EmbeddingResponse both = model.embedForResponse(List.of("a king", "rain"));
      assertEquals(2, both.getResults().size());
      assertEquals(1, both.getResults().get(1).getIndex());
      assertEquals(local.embeddingSize(), both.getResult().getOutput().length);
      assertEquals(local.name(), both.getMetadata().getModel());
      assertTrue(both.getMetadata().getUsage().getPromptTokens() > 1);
      assertEquals(local.embeddingSize(), model.dimensions());
      assertArrayEquals(both.getResult().getOutput(), model.embed(new Document("a king")));
      EmbeddingOptions smaller = EmbeddingOptions.builder().dimensions(3).build();
      assertThrows(
          IllegalArgumentException.class,
          () -> model.call(new EmbeddingRequest(List.of("a king"), smaller)));
      EmbeddingOptions other = EmbeddingOptions.builder().model("other").build();
      assertThrows(
          IllegalArgumentException.class,
          () -> model.call(new EmbeddingRequest(List.of("a king"), other)));
    }
  }
}
