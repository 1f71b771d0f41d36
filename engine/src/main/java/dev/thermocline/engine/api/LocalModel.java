package dev.thermocline.engine.api;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.engine.tools.OutputParser;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.engine.tools.Thinking;
import dev.thermocline.engine.tools.ToolCalls;
import dev.thermocline.engine.tools.ToolChoice;
import dev.thermocline.engine.tools.VisibleMarkers;
import dev.thermocline.models.DefaultModel;
import dev.thermocline.models.Model;
import dev.thermocline.models.store.ModelNames;
import dev.thermocline.models.store.ModelReference;
import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.PullListener;
import dev.thermocline.models.store.StoreSettings;
import dev.thermocline.models.template.ChatMessage;
import dev.thermocline.models.tokenizer.PromptText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A language model in this process.
 *
 * <pre>{@code
 * try (LocalModel model = LocalModel.open("owner/repo:Q4_K_M")) {
 *   System.out.println(model.chat("Why is the sky blue?").answer().text());
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Requests are computed together, as many at a time as {@link
 * EngineOptions#sequences} says, and wait in order beyond that. A prompt that begins as an earlier
 * one starts from what was computed then.
 *
 * <p>It owns the file's mapping, its threads and its memory on the GPU until it is closed; answers
 * under way then end with a {@link GenerationException}, and later calls with an {@link
 * IllegalStateException}.
 *
 * @since 0.1
 */
public final class LocalModel implements AutoCloseable {
  private final Model model;
  private final InferenceEngine engine;
  private final Prompts prompts;
  private final LongAdder generated = new LongAdder();
  private final ActivityMeter meter;
  private final Queue<ActivityWatch> watches = new ConcurrentLinkedQueue<>();

  private LocalModel(Model model, InferenceEngine engine) {
    this.model = model;
    this.engine = engine;
    this.prompts = new Prompts(model);
    this.meter = new ActivityMeter(engine, generated);
  }

  /** Opens the small story model that is part of this library. */
  public static LocalModel openDefault() throws IOException {
    return open(DefaultModel.path(), EngineOptions.defaults());
  }

  /** As {@link #open(String, EngineOptions)} with all processors, a GPU if there is one. */
  public static LocalModel open(String name) throws IOException {
    return open(name, EngineOptions.defaults());
  }

  /**
   * Opens a model by name. Nothing is fetched: see {@link #pull}.
   *
   * @param name a GGUF file, a name in the store ({@code owner/repo:Q4_K_M}), {@code hf:owner/repo}
   *     as it was pulled, or {@code default}
   * @throws IOException if there is no such model, or its file cannot be read
   * @throws dev.thermocline.models.UnsupportedModelException if it is of a kind that is not known
   * @throws dev.thermocline.engine.InsufficientMemoryException if this machine cannot hold it
   */
  public static LocalModel open(String name, EngineOptions options) throws IOException {
    return open(name.equals("default") ? DefaultModel.path() : ModelNames.path(name), options);
  }

  /** As {@link #open(String, EngineOptions)}, from a GGUF file. */
  public static LocalModel open(Path file, EngineOptions options) throws IOException {
    Model model = Model.open(file);
    InferenceEngine engine = null;
    try {
      engine = InferenceEngine.open(model, options);
      return new LocalModel(model, engine);
    } catch (RuntimeException e) {
      if (engine != null) {
        engine.close();
      }
      model.close();
      throw e;
    }
  }

  /**
   * Fetches a model from the network, or finds that it is here already.
   *
   * @param reference {@code hf:owner/repo[@revision][:file or quantization]}, or a link to a GGUF
   *     file
   * @return its file, for {@link #open(Path, EngineOptions)}
   * @throws IOException if it cannot be had; what came so far is kept and used the next time
   */
  public static Path pull(String reference, PullListener listener)
      throws IOException, InterruptedException {
    ModelStore store = new ModelStore(StoreSettings.ofEnvironment());
    ModelReference parsed = ModelReference.parse(reference, store.settings().endpoint());
    return store.pull(parsed, listener).path();
  }

  /** What its file calls the model, or the file's name if it does not say. */
  public String name() {
    String file = model.path().getFileName().toString();
    return model.gguf().metadata().string("general.name", file);
  }

  /** Most tokens of a prompt and its answer together. */
  public int context() {
    return engine.context();
  }

  /** Numbers in the vector of a text. */
  public int embeddingSize() {
    return model.config().nEmbd();
  }

  /**
   * Whether the model has a chat template, as those have that were trained on conversations. One
   * without goes on with the plain texts of the messages.
   */
  public boolean hasChatTemplate() {
    return !prompts.isPlain();
  }

  /**
   * Goes on with a text as it stands, without a chat template.
   *
   * @throws PromptTooLongException if the text leaves no room in the context
   * @throws ConstraintException if the format of the answer cannot be enforced
   * @throws IllegalArgumentException if the text has no tokens, or the options have tools
   */
  public AnswerStream complete(String text, AnswerOptions options) {
    if (options.callsTools()) {
      throw new IllegalArgumentException("tools: expected a chat, got a text to go on with");
    }
    int[] tokens = model.tokenizer().encode(text, false, true);
    return stream(start(tokens, Thinking.NONE, options, true));
  }

  /** Answers a single message with {@link AnswerOptions#defaults}. */
  public AnswerStream chat(String message) {
    return chat(List.of(ChatMessage.user(message)), AnswerOptions.defaults());
  }

  /**
   * Answers the last message of a conversation.
   *
   * @throws PromptTooLongException if the conversation leaves no room in the context
   * @throws ConstraintException if the format of the answer or a tool's schema cannot be enforced
   * @throws dev.thermocline.models.jinja.TemplateException if the model's template refuses the
   *     conversation
   */
  public AnswerStream chat(List<ChatMessage> messages, AnswerOptions options) {
    return stream(start(messages, options));
  }

  /**
   * The same as a publisher: every subscriber gets an answer of its own, which begins when it
   * subscribes. It is called on a virtual thread; what {@link #chat(List, AnswerOptions)} throws
   * goes to its {@code onError}. Cancelling the subscription ends the generation.
   */
  public Flow.Publisher<OutputPart> publish(List<ChatMessage> messages, AnswerOptions options) {
    List<ChatMessage> own = List.copyOf(messages);
    return new AnswerPublisher(() -> chat(own, options));
  }

  /**
   * Answers a message with a record; waits for it.
   *
   * <pre>{@code
   * record Person(String name, @Property(minimum = 0, maximum = 150) int age) {}
   * Person person = model.extract("Ada is 36 years old.", Person.class, AnswerOptions.greedy());
   * }</pre>
   *
   * @param type as {@link RecordFormat#of} takes it
   * @throws IncompleteAnswerException if the token limit cuts the answer off
   * @throws IllegalArgumentException if the record's own constructor refuses the values
   */
  public <R extends Record> R extract(String message, Class<R> type, AnswerOptions options) {
    RecordFormat<R> format = RecordFormat.of(type);
    ChatMessage question = ChatMessage.user(message + "\n\n" + format.instructions());
    return format.parse(chat(List.of(question), options.withFormat(format.format())).answer());
  }

  /** A conversation that remembers what was said. */
  public ChatSession.Builder session() {
    return new ChatSession.Builder(this);
  }

  /**
   * The vector of a text, of length 1; waits for it.
   *
   * @return {@code [embeddingSize]}
   * @throws PromptTooLongException if the text is longer than the context
   */
  public float[] embed(String text) {
    int[] tokens = model.tokenizer().encode(text, false, true);
    if (tokens.length > engine.context()) {
      throw new PromptTooLongException(tokens.length, engine.context());
    }
    return engine.embed(tokens);
  }

  /** Tokens of a text by itself. */
  public int countTokens(String text) {
    return model.tokenizer().encode(text, false, false).length;
  }

  /** Tokens of a conversation as the chat template writes it down, to where the answer begins. */
  public int countTokens(List<ChatMessage> messages) {
    return prompts.encode(prompts.render(messages, AnswerOptions.greedy(), true)).length;
  }

  /** What the engine did since the model was opened. */
  public Activity activity() {
    return meter.sinceOpened();
  }

  /**
   * Calls a listener after every interval in which something was computed, until the watch or the
   * model is closed.
   */
  public ActivityWatch watch(Duration interval, ActivityListener listener) {
    watches.removeIf(ActivityWatch::isClosed);
    ActivityWatch watch = new ActivityWatch(meter, listener, interval);
    watches.add(watch);
    return watch.start();
  }

  /** Whether a full context goes on. */
  boolean shiftsContext() {
    return engine.shiftsContext();
  }

  private static AnswerStream stream(AnswerRun run) {
    return new AnswerStream(run, AnswerStream.Continuation.NONE);
  }

  /** Begins an answer. */
  AnswerRun start(List<ChatMessage> messages, AnswerOptions options) {
    PromptText prompt = prompts.render(messages, options, true);
    return start(prompts.encode(prompt), prompts.thinking(prompt), options, false);
  }

  private AnswerRun start(
      int[] tokens, Thinking thinking, AnswerOptions options, boolean continuation) {
    int room = engine.context() - tokens.length;
    if (room < 1) {
      throw new PromptTooLongException(tokens.length, engine.context());
    }
    Constraint constraint = constraint(options, thinking);
    int most = options.maxTokens() == 0 ? room : options.maxTokens();
    Generation generation =
        engine.submit(
            new GenerationRequest(tokens, most, options.sampling(), false)
                .withConstraint(constraint));
    TextStream stream =
        new TextStream(
            new VisibleMarkers(model.tokenizer()),
            generation,
            options.sampling().stop(),
            continuation || constraint != null);
    return new AnswerRun(generation, stream, parser(options, thinking), generated);
  }

  /** What is held to a format alone has no thoughts: it is the format from its first character. */
  private OutputParser parser(AnswerOptions options, Thinking thinking) {
    boolean free = options.format() instanceof AnswerFormat.FreeText;
    return options.callsTools()
        ? new OutputParser(prompts.toolFormat(), thinking, !free)
        : new OutputParser(null, free ? thinking : Thinking.NONE);
  }

  private Constraint toolConstraint(AnswerOptions options, Thinking thinking) {
    // A model that has to call something need not know when to stop: one call then.
    boolean parallel = options.toolChoice() instanceof ToolChoice.Auto;
    ToolCalls calls =
        new ToolCalls(
            prompts.toolFormat(), options.tools(), options.toolChoice(), parallel, thinking);
    Constraints constraints = engine.constraints();
    return switch (options.format()) {
      case AnswerFormat.FreeText free -> constraints.toolCalls(calls);
      case AnswerFormat.JsonObject any ->
          constraints.toolCallsOrJson(calls, Constraints.ANY_OBJECT);
      case AnswerFormat.JsonSchema json -> constraints.toolCallsOrJson(calls, json.schema());
      case AnswerFormat.Regex other -> throw noToolsWith(other);
      case AnswerFormat.Gbnf other -> throw noToolsWith(other);
    };
  }

  private static IllegalArgumentException noToolsWith(AnswerFormat format) {
    return new IllegalArgumentException(
        "format: expected text or JSON where tools may be called, got " + format);
  }

  private @Nullable Constraint constraint(AnswerOptions options, Thinking thinking) {
    if (options.callsTools()) {
      return toolConstraint(options, thinking);
    }
    return switch (options.format()) {
      case AnswerFormat.FreeText free -> null;
      case AnswerFormat.JsonObject any -> engine.constraints().jsonObject();
      case AnswerFormat.JsonSchema json -> engine.constraints().jsonSchema(json.schema());
      case AnswerFormat.Regex regex -> engine.constraints().regex(regex.pattern());
      case AnswerFormat.Gbnf gbnf -> engine.constraints().gbnf(gbnf.grammar());
    };
  }

  /** Ends all answers and frees native and device memory. */
  @Override
  public void close() {
    watches.forEach(ActivityWatch::close);
    engine.close();
    model.close();
  }
}
