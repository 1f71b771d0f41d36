package dev.thermocline.cli.chat;

import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.Model;
import dev.thermocline.models.template.ChatMessage;
import dev.thermocline.models.template.ChatTemplate;
import dev.thermocline.models.template.Conversation;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversation with a model: its messages, its settings, and the answers. One thread uses it. */
public final class ChatSession {
  private final Model model;
  private final InferenceEngine engine;
  private final ChatTemplate template;
  private final Settings settings;
  private final List<ChatMessage> messages = new ArrayList<>();
  private String system = "";

  /**
   * Starts an empty conversation.
   *
   * @throws dev.thermocline.models.jinja.TemplateException if the model's template does not parse
   */
  public ChatSession(InferenceEngine engine, Settings settings) {
    this.model = engine.model();
    this.engine = engine;
    this.template = ChatTemplate.of(model.gguf().metadata(), model.tokenizer());
    this.settings = settings;
  }

  /** Whether the model has no chat template, so that it goes on with the text as it stands. */
  public boolean isPlain() {
    return template.isPlain();
  }

  Settings settings() {
    return settings;
  }

  InferenceEngine engine() {
    return engine;
  }

  /** What the model is told before the first message; empty for nothing. */
  public void system(String text) {
    system = text;
  }

  String system() {
    return system;
  }

  List<ChatMessage> messages() {
    return messages;
  }

  /** Forgets all messages; the system text stays. */
  void clear() {
    messages.clear();
  }

  /** Takes over another conversation. */
  void replace(String otherSystem, List<ChatMessage> others) {
    system = otherSystem;
    messages.clear();
    messages.addAll(others);
  }

  /**
   * Asks; the question is part of the conversation once {@link Answer#keep} is called.
   *
   * @throws IllegalArgumentException if the conversation no longer fits the context
   * @throws dev.thermocline.models.jinja.TemplateException if the template refuses it
   */
  public Answer ask(String text) {
    ChatMessage question = ChatMessage.of("user", text);
    int[] prompt = prompt(question);
    while (engine.shiftsContext() && prompt.length >= engine.context() && messages.size() > 1) {
      // As tokens of an answer do, the oldest question leaves, and its answer.
      messages.subList(0, 2).clear();
      prompt = prompt(question);
    }
    int room = engine.context() - prompt.length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "the conversation has "
              + prompt.length
              + " tokens, the context "
              + engine.context()
              + ": /clear it, or start with a larger --ctx");
    }
    int most = settings.tokens() == 0 ? room : settings.tokens();
    Generation generation =
        engine.submit(new GenerationRequest(prompt, most, settings.sampling(), false));
    return new Answer(question, generation);
  }

  /** Tokens of the conversation as it stands, the next question not counted. */
  int tokens() {
    return messages.isEmpty() ? 0 : encode(messages, false).length;
  }

  private int[] prompt(ChatMessage question) {
    List<ChatMessage> all = new ArrayList<>(messages);
    all.add(question);
    return encode(all, true);
  }

  private int[] encode(List<ChatMessage> all, boolean reply) {
    List<ChatMessage> whole = new ArrayList<>();
    if (!system.isEmpty()) {
      whole.add(ChatMessage.of("system", system));
    }
    whole.addAll(all);
    Conversation shown = Conversation.of(whole);
    Conversation conversation =
        new Conversation(shown.messages(), shown.tools(), shown.options(), reply);
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
    return model.tokenizer().encode(template.render(conversation, now), true);
  }

  /** An answer under way. */
  public final class Answer {
    private final ChatMessage question;
    private final Generation generation;
    private final TextStream stream;
    private final StringBuilder text = new StringBuilder();

    private Answer(ChatMessage question, Generation generation) {
      this.question = question;
      this.generation = generation;
      this.stream =
          new TextStream(model.tokenizer(), generation, settings.sampling().stop(), false);
    }

    /**
     * The next piece of text, or null at the end.
     *
     * @throws dev.thermocline.engine.GenerationException if the engine failed
     */
    public @Nullable String next() throws InterruptedException {
      String piece = stream.next();
      if (piece != null) {
        text.append(piece);
      }
      return piece;
    }

    /** Ends it at the next token; may be called from any thread. */
    public void cancel() {
      generation.cancel();
    }

    public Generation generation() {
      return generation;
    }

    /** Makes question and answer part of the conversation, also an answer that was cut short. */
    public void keep() {
      messages.add(question);
      messages.add(ChatMessage.of("assistant", text.toString()));
    }
  }
}
