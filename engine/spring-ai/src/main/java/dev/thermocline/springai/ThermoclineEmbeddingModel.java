package dev.thermocline.springai;

import dev.thermocline.engine.api.LocalModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/**
 * Spring AI's embedding model over a model in this process. Safe for use by several threads; the
 * caller keeps the {@link LocalModel} and closes it. Another model or number of dimensions than the
 * model's own is refused.
 *
 * @since 0.1
 */
public final class ThermoclineEmbeddingModel implements EmbeddingModel {
  private final LocalModel model;

  public ThermoclineEmbeddingModel(LocalModel model) {
    this.model = Objects.requireNonNull(model);
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    check(request.getOptions());
    List<Embedding> vectors = new ArrayList<>();
    int tokens = 0;
    for (String text : request.getInstructions()) {
      vectors.add(new Embedding(model.embed(text), vectors.size()));
      tokens += model.countTokens(text);
    }
    return new EmbeddingResponse(
        vectors, new EmbeddingResponseMetadata(model.name(), new DefaultUsage(tokens, 0)));
  }

  private void check(@Nullable EmbeddingOptions options) {
    if (options == null) {
      return;
    }
    if (options.getModel() != null && !options.getModel().equals(model.name())) {
      throw new IllegalArgumentException(
          "model: expected none or " + model.name() + ", got " + options.getModel());
    }
    if (options.getDimensions() != null && options.getDimensions() != dimensions()) {
      throw new IllegalArgumentException(
          "dimensions: expected none or " + dimensions() + ", got " + options.getDimensions());
    }
  }

  @Override
  public float[] embed(Document document) {
    return model.embed(Objects.requireNonNullElse(getEmbeddingContent(document), ""));
  }

  @Override
  public int dimensions() {
    return model.embeddingSize();
  }
}
