package dev.thermocline.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import dev.thermocline.engine.api.LocalModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * LangChain4j's embedding model over a model in this process. Safe for use by several threads; the
 * caller keeps the {@link LocalModel} and closes it.
 *
 * @since 0.1
 */
public final class ThermoclineEmbeddingModel implements EmbeddingModel {
  private final LocalModel model;
  private final List<EmbeddingModelListener> listeners;

  public ThermoclineEmbeddingModel(LocalModel model) {
    this(model, List.of());
  }

  /**
   * A model that is listened to.
   *
   * @param listeners of requests and responses
   */
  public ThermoclineEmbeddingModel(LocalModel model, List<EmbeddingModelListener> listeners) {
    this.model = Objects.requireNonNull(model);
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    try {
      return embedEach(request);
    } catch (RuntimeException failure) {
      throw Failures.of(failure);
    }
  }

  private EmbeddingResponse embedEach(EmbeddingRequest request) {
    List<Embedding> vectors = new ArrayList<>();
    int tokens = 0;
    for (EmbeddingInput input : request.inputs()) {
      vectors.add(Embedding.from(model.embed(input.text())));
      tokens += model.countTokens(input.text());
    }
    EmbeddingResponseMetadata metadata =
        EmbeddingResponseMetadata.builder()
            .modelName(modelName())
            .tokenUsage(new TokenUsage(tokens, 0))
            .build();
    return EmbeddingResponse.builder().embeddings(vectors).metadata(metadata).build();
  }

  @Override
  public int dimension() {
    return model.embeddingSize();
  }

  @Override
  public String modelName() {
    return model.name();
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }
}
