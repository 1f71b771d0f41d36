package dev.thermocline.engine.tools;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads {@code {"name": …, "arguments": …}} character by character and tells the name and the
 * arguments as they come, in whatever order.
 */
final class CallScanner {
  private static final int ID_LENGTH = 9;

  private final String argumentsKey;
  private final int index;
  private final StringBuilder name = new StringBuilder();
  private final StringBuilder key = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean inValue;
  private boolean named;
  private boolean finished;

  CallScanner(String argumentsKey, int index) {
    this.argumentsKey = argumentsKey;
    this.index = index;
  }

  /** Whether the object is closed. */
  boolean isFinished() {
    return finished;
  }

  /** Whether the call has been told. */
  boolean isNamed() {
    return named;
  }

  void next(char c, List<OutputPart> out) {
    boolean wasInString = inString;
    string(c);
    int before = depth;
    if (!wasInString && !inString) {
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    }
    boolean member = depth == 1 && before == 1;
    if (member && !wasInString && !inString && (c == ',' || c == ':')) {
      separator(c, out);
    } else if (depth == 0) {
      finished = true;
      flush(out);
    } else if (before > 0) {
      take(c, wasInString);
    }
  }

  private void string(char c) {
    if (escaped) {
      escaped = false;
    } else if (inString && c == '\\') {
      escaped = true;
    } else if (c == '"') {
      inString = !inString;
    }
  }

  private void separator(char c, List<OutputPart> out) {
    if (c == ',') {
      key.setLength(0);
    }
    inValue = c == ':';
    flush(out);
  }

  /** A character of a key or value; quotes of keys and names are no part of them. */
  private void take(char c, boolean wasInString) {
    boolean inside = wasInString && inString;
    if (!inValue) {
      key.append(inside ? String.valueOf(c) : "");
    } else if (key.toString().equals("name") && depth == 1) {
      name.append(inside ? String.valueOf(c) : "");
    } else if (key.toString().equals(argumentsKey)) {
      boolean around = depth == 1 && !inside && Character.isWhitespace(c);
      arguments.append(around ? "" : String.valueOf(c));
    }
  }

  /** Tells what is known: the name first, then the arguments so far. */
  void flush(List<OutputPart> out) {
    boolean nameIsWhole = finished || !(inValue && key.toString().equals("name"));
    if (!named && !name.isEmpty() && nameIsWhole) {
      named = true;
      out.add(new OutputPart.CallStart(index, id(), name.toString()));
    }
    if (named && !arguments.isEmpty()) {
      out.add(new OutputPart.CallArguments(index, arguments.toString()));
      arguments.setLength(0);
    }
  }

  private static String id() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(Character.forDigit(ThreadLocalRandom.current().nextInt(36), 36));
    }
    return id.toString();
  }
}
