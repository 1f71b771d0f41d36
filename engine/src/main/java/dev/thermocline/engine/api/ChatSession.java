package dev.thermocline.engine.api;

import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolChoice;
import dev.thermocline.models.template.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that remembers what was said, and calls tools. A further question costs little: of
 * its prompt only what is new is computed, as long as the engine's memory holds the rest.
 *
 * <pre>{@code
 * ChatSession session = model.session().system("Be brief.").tools(weather).start();
 * System.out.println(session.ask("How is the weather in Bern?").text());
 * System.out.println(session.ask("And in Basel?").text());
 * }</pre>
 *
 * <p>Where the engine's context moves ({@code CacheOptions.withShift}), the oldest questions and
 * what followed them are forgotten when the conversation no longer fits.
 *
 * <p>A question and what followed become part of the conversation when the answer has been read to
 * its end, also if it was cancelled; not if it failed or was given up. Used by one thread at a
 * time, but for {@link AnswerStream#cancel}. It owns nothing and need not be closed.
 *
 * @since 0.1
 */
public final class ChatSession {
  private final LocalModel model;
  private final AnswerOptions options;
  private final Map<String, JavaTool> tools;
  private final int maxRounds;
  private final List<ChatMessage> messages = new ArrayList<>();
  private @Nullable Turn turn;

  private ChatSession(Builder builder) {
    this.model = builder.model;
    this.tools = new LinkedHashMap<>(builder.tools);
    this.maxRounds = builder.maxRounds;
    List<Tool> shown = tools.values().stream().map(JavaTool::tool).toList();
    this.options =
        shown.isEmpty()
            ? builder.options
            : builder.options.withTools(shown, builder.options.toolChoice());
    this.messages.addAll(builder.messages);
  }

  /**
   * Settings of a conversation.
   *
   * @since 0.1
   */
  public static final class Builder {
    private static final int ROUNDS = 8;

    private final LocalModel model;
    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, JavaTool> tools = new LinkedHashMap<>();
    private AnswerOptions options = AnswerOptions.defaults();
    private int maxRounds = ROUNDS;

    Builder(LocalModel model) {
      this.model = model;
    }

    /** Tells the model something before everything else. */
    public Builder system(String text) {
      messages.add(ChatMessage.system(text));
      return this;
    }

    /** Goes on from what was said elsewhere. */
    public Builder messages(List<ChatMessage> earlier) {
      messages.addAll(earlier);
      return this;
    }

    /**
     * Says how the model answers; {@link AnswerOptions#defaults} if left out. A tool choice that
     * asks for calls is for the first answer to a question; what the tools gave it may answer in
     * words.
     */
    public Builder options(AnswerOptions wanted) {
      options = wanted;
      return this;
    }

    /**
     * Offers tools, beside those offered before.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public Builder tools(JavaTool... offered) {
      for (JavaTool tool : offered) {
        if (tools.putIfAbsent(tool.tool().name(), tool) != null) {
          throw new IllegalArgumentException(
              "tools: expected different names, got " + tool.tool().name() + " twice");
        }
      }
      return this;
    }

    /**
     * Bounds how often a question's tools are called before the model must answer in words; 8 if
     * left out.
     */
    public Builder maxRounds(int count) {
      if (count < 0) {
        throw new IllegalArgumentException("rounds: expected 0 or more, got " + count);
      }
      maxRounds = count;
      return this;
    }

    /** Starts the conversation; nothing is computed yet. */
    public ChatSession start() {
      return new ChatSession(this);
    }
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws PromptTooLongException if the conversation no longer fits the context
   * @throws dev.thermocline.engine.GenerationException if the engine failed
   */
  public Answer ask(String text) {
    return stream(text).answer();
  }

  /**
   * Asks for a record and waits for it. No tools are called on the way.
   *
   * @param type as {@link RecordFormat#of} takes it
   * @throws IncompleteAnswerException if the token limit cuts the answer off
   * @throws IllegalArgumentException if the record's own constructor refuses the values
   */
  public <R extends Record> R ask(String text, Class<R> type) {
    RecordFormat<R> format = RecordFormat.of(type);
    AnswerOptions held =
        options.withTools(List.of(), new ToolChoice.None()).withFormat(format.format());
    return format.parse(begin(text + "\n\n" + format.instructions(), held).answer());
  }

  /** Asks; the answer can be read as it comes, its tool calls and what followed them included. */
  public AnswerStream stream(String text) {
    return begin(text, options);
  }

  /** As {@link #stream}, for a subscriber; a second one would ask again. */
  public Flow.Publisher<OutputPart> publish(String text) {
    return new AnswerPublisher(() -> stream(text));
  }

  private AnswerStream begin(String text, AnswerOptions with) {
    Turn begun = new Turn(with);
    begun.said.add(ChatMessage.user(text));
    turn = begun;
    return new AnswerStream(begun.next(), begun);
  }

  /** What was said so far, tool calls and their results included. */
  public List<ChatMessage> messages() {
    return List.copyOf(messages);
  }

  /** Forgets all but the system text. */
  public void clear() {
    messages.removeIf(message -> !message.role().equals("system"));
    turn = null;
  }

  /** Tokens of the conversation as it stands. */
  public int tokens() {
    return messages.isEmpty() ? 0 : model.countTokens(messages);
  }

  /** Forgets the oldest question and what followed it; whether there was one. */
  private boolean forgetOldest() {
    int first = 0;
    while (first < messages.size() && messages.get(first).role().equals("system")) {
      first++;
    }
    int next = first + 1;
    while (next < messages.size() && !messages.get(next).role().equals("user")) {
      next++;
    }
    boolean any = first < messages.size();
    messages.subList(first, any ? next : first).clear();
    return any;
  }

  /** A question and what follows it. */
  private final class Turn implements AnswerStream.Continuation {
    private final List<ChatMessage> said = new ArrayList<>();
    private final AnswerOptions with;
    private int rounds;

    private Turn(AnswerOptions with) {
      this.with = with;
    }

    private AnswerRun next() {
      AnswerOptions now = with.withTools(with.tools(), choice());
      while (true) {
        List<ChatMessage> all = new ArrayList<>(messages);
        all.addAll(said);
        try {
          return model.start(all, now);
        } catch (PromptTooLongException e) {
          if (!model.shiftsContext() || !forgetOldest()) {
            throw e;
          }
        }
      }
    }

    private ToolChoice choice() {
      if (rounds >= maxRounds) {
        return new ToolChoice.None();
      }
      return rounds == 0 ? with.toolChoice() : new ToolChoice.Auto();
    }

    @Override
    public @Nullable AnswerRun after(Answer answer, boolean cancelled) {
      said.add(answer.message());
      if (answer.toolRequests().isEmpty() || cancelled) {
        if (turn == this) {
          messages.addAll(said);
          turn = null;
        }
        return null;
      }
      for (ToolRequest request : answer.toolRequests()) {
        said.add(ChatMessage.toolResult(request.id(), request.name(), call(request)));
      }
      rounds++;
      return next();
    }
  }

  private String call(ToolRequest request) {
    JavaTool tool = tools.get(request.name());
    if (tool == null) {
      return "error: there is no tool " + request.name();
    }
    try {
      return tool.call(request.arguments());
    } catch (ToolException told) {
      return "error: " + told.getMessage();
    }
  }
}
