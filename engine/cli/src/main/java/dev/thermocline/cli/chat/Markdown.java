package dev.thermocline.cli.chat;

/**
 * Colours Markdown as it streams in: headings and strong text bold, code in another colour. The
 * marks stay, so that what is copied from the screen is what the model wrote. Only whole marks
 * change anything: a piece may end in the middle of one.
 */
final class Markdown {
  private static final String RESET = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";
  private static final String CODE = "\u001b[36m";

  private final boolean colours;
  private final StringBuilder held = new StringBuilder();
  private boolean lineStart = true;
  private boolean heading;
  private boolean strong;
  private boolean code;
  private boolean fenced;

  /**
   * A styler for one answer.
   *
   * @param colours whether the terminal shows colours; without, text passes as it is
   */
  Markdown(boolean colours) {
    this.colours = colours;
  }

  /** Styles a piece; runs of marks at its end may be held back until the next one. */
  String style(String piece) {
    if (!colours) {
      return piece;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < piece.length(); i++) {
      accept(piece.charAt(i), out);
    }
    return out.toString();
  }

  /** What is held back, and the end of all styles. */
  String end() {
    if (!colours) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    marks(out);
    return out.append(RESET).toString();
  }

  private void accept(char c, StringBuilder out) {
    boolean mark = c == '*' || c == '`' || c == '#' && (lineStart || !held.isEmpty());
    if (mark && (held.isEmpty() || held.charAt(0) == c)) {
      held.append(c);
      return;
    }
    marks(out);
    if (mark) {
      held.append(c);
      return;
    }
    out.append(c);
    if (c == '\n') {
      endLine(out);
    } else {
      lineStart = false;
    }
  }

  /** Writes the run of marks that is held back and does what it asks for. */
  private void marks(StringBuilder out) {
    if (held.isEmpty()) {
      return;
    }
    String run = held.toString();
    held.setLength(0);
    boolean opens = !toggle(run);
    if (opens) {
      out.append(styles()).append(run);
    } else {
      out.append(run).append(styles());
    }
    lineStart = false;
  }

  /**
   * Changes the state; returns whether the run closed what was open, so that it is still inside.
   */
  private boolean toggle(String run) {
    if (run.startsWith("```") && lineStart) {
      fenced = !fenced;
      return !fenced;
    }
    if (fenced) {
      return false;
    }
    if (run.equals("`")) {
      code = !code;
      return !code;
    }
    if (run.equals("**") && !code) {
      strong = !strong;
      return !strong;
    }
    if (run.charAt(0) == '#' && lineStart && run.length() <= 6) {
      heading = true;
    }
    return false;
  }

  private void endLine(StringBuilder out) {
    lineStart = true;
    boolean styled = heading || strong || code;
    heading = false;
    strong = false;
    code = false;
    if (styled) {
      out.append(styles());
    }
  }

  private String styles() {
    if (code || fenced) {
      return RESET + CODE;
    }
    return strong || heading ? RESET + BOLD : RESET;
  }
}
