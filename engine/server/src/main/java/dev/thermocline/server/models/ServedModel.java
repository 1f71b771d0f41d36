package dev.thermocline.server.models;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.models.Model;
import dev.thermocline.models.gguf.GgufMetadata;
import dev.thermocline.models.gguf.GgufType;
import dev.thermocline.models.jinja.TemplateException;
import dev.thermocline.models.template.ChatTemplate;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.server.http.ApiException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A loaded model with what serving it needs. Owns the engine and the file's mapping. */
public final class ServedModel implements AutoCloseable {
  private final ModelEntry entry;
  private final Model model;
  private final InferenceEngine engine;
  private final Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final String templateError;
  private final Admission admission;
  private final CompletableFuture<Constraints> constraints = new CompletableFuture<>();

  private ServedModel(ModelEntry entry, Model model, InferenceEngine engine, Admission admission) {
    this.entry = entry;
    this.model = model;
    this.engine = engine;
    this.admission = admission;
    this.tokenizer = model.tokenizer();
    ChatTemplate compiled = null;
    String error = "";
    try {
      compiled = ChatTemplate.of(model.gguf().metadata(), tokenizer);
    } catch (TemplateException e) {
      error = Objects.requireNonNullElse(e.getMessage(), "it does not parse");
    }
    this.template = compiled;
    this.templateError = error;
  }

  /**
   * Loads a model.
   *
   * @param queue most requests that wait beside those that run
   */
  static ServedModel open(ModelEntry entry, EngineOptions options, int queue) throws IOException {
    Model model = Model.open(entry.path());
    InferenceEngine engine = null;
    try {
      // Before anything large is loaded: a model whose text cannot be read cannot be served.
      Objects.requireNonNull(model.tokenizer());
      engine = InferenceEngine.open(model, options);
      return new ServedModel(entry, model, engine, new Admission(options.sequences(), queue));
    } catch (RuntimeException e) {
      if (engine != null) {
        engine.close();
      }
      model.close();
      throw e;
    }
  }

  /** Prepares in the background what the first constrained answer would have to wait for. */
  void prepareConstraints() {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("thermocline-constraints")
            .unstarted(() -> constraints.completeAsync(engine::constraints, Runnable::run));
    thread.start();
  }

  /** What answers can be held to, once it is prepared. */
  public CompletableFuture<Constraints> constraints() {
    return constraints.copy();
  }

  public ModelEntry entry() {
    return entry;
  }

  public String id() {
    return entry.id();
  }

  public Model model() {
    return model;
  }

  public InferenceEngine engine() {
    return engine;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public Admission admission() {
    return admission;
  }

  /**
   * The model's chat template.
   *
   * @throws ApiException if it does not parse
   */
  public ChatTemplate template() {
    if (template == null) {
      throw ApiException.invalid(
          "messages", "the chat template of model " + id() + " is broken: " + templateError);
    }
    return template;
  }

  /** The text of the model's chat template, or of the one that stands for it. */
  public String templateSource() {
    GgufMetadata metadata = model.gguf().metadata();
    return hasOwnTemplate() ? metadata.string(ChatTemplate.KEY) : ChatTemplate.PLAIN;
  }

  /** Whether the model has a chat template. */
  public boolean hasOwnTemplate() {
    GgufMetadata metadata = model.gguf().metadata();
    return metadata.contains(ChatTemplate.KEY)
        && metadata.type(ChatTemplate.KEY) == GgufType.STRING;
  }

  @Override
  public void close() {
    engine.close();
    model.close();
  }
}
