package dev.thermocline.engine.tools;

/** Whether an answer begins with a section {@code <think>…</think>}. */
public enum Thinking {
  /** It has none. */
  NONE,

  /** The model may write one. */
  POSSIBLE,

  /** The prompt has begun it, the answer goes on inside. */
  OPEN;

  /** Begins the section. */
  public static final String START = "<think>";

  /** Ends it. */
  public static final String END = "</think>";

  /**
   * What to expect of an answer.
   *
   * @param template the model's chat template
   * @param prompt the rendered prompt
   */
  public static Thinking of(String template, String prompt) {
    int start = prompt.lastIndexOf(START);
    if (start >= 0 && prompt.substring(start + START.length()).isBlank()) {
      return OPEN;
    }
    return template.contains(START) || template.contains(END) ? POSSIBLE : NONE;
  }
}
