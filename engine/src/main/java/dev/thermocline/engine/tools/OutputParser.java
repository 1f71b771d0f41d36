package dev.thermocline.engine.tools;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a streamed answer apart into thoughts, text and tool calls. No part of a tag ever leaves:
 * text that could begin one is held back until it is decided. Used by one thread.
 */
public final class OutputParser {
  private static final String CALL = "{\"name\":";

  private enum State {
    /** Nothing yet, thoughts may begin. */
    BEFORE_THOUGHTS,
    THOUGHTS,
    /** The answer begins. */
    BEGIN,
    TEXT,
    /** Inside a call. */
    CALL,
    /** After a call, its closing tag is due. */
    CLOSING,
    /** Between the calls of a list. */
    LIST
  }

  private final @Nullable ToolFormat format;
  private final boolean callsOrText;
  private final StringBuilder held = new StringBuilder();
  private final List<OutputPart> out = new ArrayList<>();
  private State state;
  private @Nullable CallScanner call;
  private int calls;
  private boolean trimming;
  private boolean textAlone;
  private boolean last;

  /**
   * Starts an answer.
   *
   * @param format how calls are written, null where there are no tools
   */
  public OutputParser(@Nullable ToolFormat format, Thinking thinking) {
    this(format, thinking, false);
  }

  /**
   * Starts an answer.
   *
   * @param callsOrText whether the answer is one of both: where it begins with text, such as JSON
   *     that somebody asked for, whatever looks like a call further on is text
   */
  public OutputParser(@Nullable ToolFormat format, Thinking thinking, boolean callsOrText) {
    this.format = format;
    this.callsOrText = callsOrText;
    this.state =
        switch (thinking) {
          case NONE -> State.BEGIN;
          case POSSIBLE -> State.BEFORE_THOUGHTS;
          case OPEN -> State.THOUGHTS;
        };
    this.trimming = thinking == Thinking.OPEN;
  }

  /** What a piece of text makes known; often nothing. */
  public List<OutputPart> accept(String piece) {
    held.append(piece);
    return run();
  }

  /** What was held back at the end of the answer. */
  public List<OutputPart> finish() {
    last = true;
    return run();
  }

  /** Tool calls so far. */
  public int calls() {
    return calls;
  }

  private List<OutputPart> run() {
    boolean going = true;
    while (going) {
      going =
          switch (state) {
            case BEFORE_THOUGHTS -> beforeThoughts();
            case THOUGHTS -> thoughts();
            case BEGIN -> begin();
            case TEXT -> text();
            case CALL -> inCall();
            case CLOSING -> closing();
            case LIST -> list();
          };
    }
    List<OutputPart> parts = List.copyOf(out);
    out.clear();
    return parts;
  }

  private boolean go(State next) {
    state = next;
    return true;
  }

  private static String stripped(CharSequence text) {
    return text.toString().stripLeading();
  }

  /** Whether text may still become {@code wanted}. */
  private boolean mayBegin(String wanted, String text) {
    return !last && wanted.startsWith(text);
  }

  private boolean beforeThoughts() {
    String text = stripped(held);
    if (text.startsWith(Thinking.START)) {
      keep(text.substring(Thinking.START.length()));
      trimming = true;
      return go(State.THOUGHTS);
    }
    return !mayBegin(Thinking.START, text) && go(State.BEGIN);
  }

  private boolean thoughts() {
    trim();
    int end = held.indexOf(Thinking.END);
    if (end >= 0) {
      reasoning(held.substring(0, end).stripTrailing());
      held.delete(0, end + Thinking.END.length());
      trimming = true;
      return go(State.BEGIN);
    }
    reasoning(take(decided(Thinking.END)));
    return false;
  }

  private void reasoning(String text) {
    if (!text.isEmpty()) {
      out.add(new OutputPart.Reasoning(text));
    }
  }

  private void content(String text) {
    if (!text.isEmpty()) {
      out.add(new OutputPart.Content(text));
    }
  }

  private boolean begin() {
    trim();
    if (format != ToolFormat.LLAMA) {
      return beginTagged();
    }
    String text = stripped(held);
    if (text.startsWith(format.opening())) {
      keep(text.substring(format.opening().length()));
      return startCall();
    }
    String compact = text.replaceAll("\\s", "");
    if (compact.startsWith(CALL)) {
      keep(text);
      return startCall();
    }
    boolean undecided = mayBegin(format.opening(), text) || mayBegin(CALL, compact);
    return !undecided && go(State.TEXT);
  }

  private boolean beginTagged() {
    String text = stripped(held);
    if (format == null || !callsOrText || text.startsWith(format.opening())) {
      return go(State.TEXT);
    }
    textAlone = !mayBegin(format.opening(), text);
    return textAlone && go(State.TEXT);
  }

  private boolean text() {
    trim();
    ToolFormat tools = format;
    if (tools == null || tools == ToolFormat.LLAMA || textAlone) {
      content(take(held.length()));
      return false;
    }
    int tag = held.indexOf(tools.opening());
    if (tag < 0) {
      content(take(decided(tools.opening())));
      return false;
    }
    content(held.substring(0, tag).stripTrailing());
    held.delete(0, tag + tools.opening().length());
    return tools == ToolFormat.MISTRAL ? go(State.LIST) : startCall();
  }

  private boolean startCall() {
    call = null;
    return go(State.CALL);
  }

  private boolean inCall() {
    ToolFormat tools = format;
    if (tools == null) {
      throw new IllegalStateException("a call without tools");
    }
    CallScanner scanner = call;
    if (scanner == null) {
      keep(stripped(held));
      if (held.isEmpty()) {
        return false;
      }
      if (held.charAt(0) != '{') {
        // No call after all: the reader sees what the model wrote.
        content(tools.opening());
        return go(State.TEXT);
      }
      scanner = new CallScanner(tools.argumentsKey(), calls);
      call = scanner;
    }
    int at = 0;
    while (at < held.length() && !scanner.isFinished()) {
      scanner.next(held.charAt(at++), out);
    }
    held.delete(0, at);
    scanner.flush(out);
    if (!scanner.isFinished()) {
      return false;
    }
    calls += scanner.isNamed() ? 1 : 0;
    trimming = true;
    return go(tools == ToolFormat.MISTRAL ? State.LIST : State.CLOSING);
  }

  private boolean closing() {
    String closing = format == null ? "" : format.closing();
    String text = stripped(held);
    if (text.startsWith(closing)) {
      keep(text.substring(closing.length()));
      return go(State.TEXT);
    }
    return !mayBegin(closing, text) && go(State.TEXT);
  }

  private boolean list() {
    int at = 0;
    while (at < held.length() && " \n\r\t[,".indexOf(held.charAt(at)) >= 0) {
      at++;
    }
    held.delete(0, at);
    if (held.isEmpty()) {
      return false;
    }
    if (held.charAt(0) == '{') {
      return startCall();
    }
    held.delete(0, held.charAt(0) == ']' ? 1 : 0);
    return go(State.TEXT);
  }

  /** After thoughts and calls, white space before the next text is no part of it. */
  private void trim() {
    if (trimming) {
      keep(stripped(held));
      trimming = held.isEmpty();
    }
  }

  /** Length of the held text that can begin neither a tag nor the white space before one. */
  private int decided(String tag) {
    if (last) {
      return held.length();
    }
    int length = held.length();
    for (int n = Math.min(tag.length() - 1, length); n > 0; n--) {
      if (tag.startsWith(held.substring(held.length() - n))) {
        length = held.length() - n;
        break;
      }
    }
    while (length > 0 && Character.isWhitespace(held.charAt(length - 1))) {
      length--;
    }
    return length;
  }

  private String take(int count) {
    String text = held.substring(0, count);
    held.delete(0, count);
    return text;
  }

  private void keep(String text) {
    held.setLength(0);
    held.append(text);
  }
}
