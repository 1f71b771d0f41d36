package dev.thermocline.cli.chat;

import dev.thermocline.engine.api.AnswerStream;
import dev.thermocline.engine.api.ChatSession;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.models.template.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation whose system text, settings and messages may change between questions. One thread
 * uses it.
 */
public final class ChatState {
  private final LocalModel model;
  private final Settings settings;
  private String system = "";
  private ChatSession session;

  /** Starts an empty conversation. */
  public ChatState(LocalModel model, Settings settings) {
    this.model = model;
    this.settings = settings;
    this.session = model.session().start();
  }

  LocalModel model() {
    return model;
  }

  /** Whether the model has no chat template, so that it goes on with the text as it stands. */
  public boolean isPlain() {
    return !model.hasChatTemplate();
  }

  Settings settings() {
    return settings;
  }

  /** What the model is told before the first message; empty for nothing. */
  public void system(String text) {
    system = text;
  }

  String system() {
    return system;
  }

  /** What was said, the system text left out. */
  List<ChatMessage> messages() {
    return session.messages().stream().filter(m -> !m.role().equals("system")).toList();
  }

  /** Forgets all messages; the system text stays. */
  void clear() {
    session = start(List.of());
  }

  /** Takes over another conversation. */
  void replace(String otherSystem, List<ChatMessage> others) {
    system = otherSystem;
    session = start(others);
  }

  /**
   * Asks. Question and answer are part of the conversation once the answer was read to its end,
   * also one that was cancelled.
   *
   * @throws dev.thermocline.engine.api.PromptTooLongException if the conversation no longer fits
   * @throws dev.thermocline.models.jinja.TemplateException if the template refuses it
   */
  public AnswerStream ask(String text) {
    session = start(messages());
    return session.stream(text);
  }

  private ChatSession start(List<ChatMessage> said) {
    List<ChatMessage> all = new ArrayList<>();
    if (!system.isEmpty()) {
      all.add(ChatMessage.system(system));
    }
    all.addAll(said);
    return model.session().messages(all).options(settings.options()).start();
  }

  /** Tokens of the conversation as it stands, the next question not counted. */
  int tokens() {
    return messages().isEmpty() ? 0 : session.tokens();
  }
}
