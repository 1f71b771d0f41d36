package dev.thermocline.models.jinja;

/** A template that cannot be compiled or rendered; the message names the line where it is known. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why a template failed. */
  public enum Kind {
    /** It does not parse. */
    SYNTAX,
    /** It asked for something that is not there or does not fit. */
    RUNTIME,
    /** It called {@code raise_exception}: it refuses this conversation, in its own words. */
    REFUSED,
    /** It needed more time, memory or depth than templates are given. */
    LIMIT
  }

  private final Kind kind;
  private final int line;

  TemplateException(Kind kind, int line, String message) {
    super(message);
    this.kind = kind;
    this.line = line;
  }

  static TemplateException syntax(int line, String message) {
    return new TemplateException(Kind.SYNTAX, line, "line " + line + ": " + message);
  }

  static TemplateException runtime(String message) {
    return new TemplateException(Kind.RUNTIME, 0, message);
  }

  static TemplateException limit(String message) {
    return new TemplateException(Kind.LIMIT, 0, message);
  }

  /** This error with a line, unless it has one or consists of the template's own words. */
  TemplateException at(int where) {
    if (line > 0 || kind == Kind.REFUSED) {
      return this;
    }
    TemplateException placed =
        new TemplateException(kind, where, "line " + where + ": " + getMessage());
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** Why it failed. */
  public Kind kind() {
    return kind;
  }

  /** Line of the template, from 1; 0 where it is not known. */
  public int line() {
    return line;
  }
}
