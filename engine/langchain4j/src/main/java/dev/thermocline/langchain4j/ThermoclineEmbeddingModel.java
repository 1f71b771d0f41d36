package dev.thermocline.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.output.Response;
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
public final class ThermoclineEmbeddingModel extends DimensionAwareEmbeddingModel {
  private final LocalModel model;

  public ThermoclineEmbeddingModel(LocalModel model) {
    this.model = Objects.requireNonNull(model);
    this.dimension = model.embeddingSize();
  }

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    List<Embedding> vectors = new ArrayList<>();
    int tokens = 0;
    for (TextSegment segment : segments) {
      vectors.add(Embedding.from(model.embed(segment.text())));
      tokens += model.countTokens(segment.text());
    }
    return Response.from(vectors, new TokenUsage(tokens, 0));
  }
}
