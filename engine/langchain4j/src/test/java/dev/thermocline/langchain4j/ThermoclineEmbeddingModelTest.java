package dev.thermocline.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.api.LocalModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * LangChain4j's shared tests of embedding models, with the default model.
 *
 * <p>All run but those of what is not there: another vector for a query than for a document, a
 * number of dimensions other than the model's, images. In their place run the tests that such
 * requests are refused.
 */
class ThermoclineEmbeddingModelTest extends AbstractEmbeddingModelIT {
  private LocalModel local;
  private LocalModel small;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    EngineOptions options = EngineOptions.defaults().withThreads(2).withDevice(DeviceMode.CPU);
    local = LocalModel.open("default", options);
    small = Script.open(folder, 4);
  }

  @AfterAll
  void close() {
    local.close();
    small.close();
  }

  @Override
  protected List<EmbeddingModel> models() {
    return List.of(new ThermoclineEmbeddingModel(local));
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    return new ThermoclineEmbeddingModel(local, List.of(listener));
  }

  /** One whose context is too small. */
  @Override
  protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
    return new ThermoclineEmbeddingModel(small, List.of(listener));
  }

  @Override
  protected boolean supportsInputTypeParameter() {
    return false;
  }

  @Override
  protected boolean supportsDimensionsParameter() {
    return false;
  }

  @Override
  protected boolean supportsImageInput() {
    return false;
  }
}
