package dev.thermocline.models.gguf;

/** Makes text from a file fit for an error message, whatever somebody put there. */
public final class Printable {
  private static final int FIELD_LENGTH = 100;
  private static final int MESSAGE_LENGTH = 500;

  private Printable() {}

  /** A name of at most 100 characters, control characters replaced. */
  public static String name(String text) {
    return printable(text, FIELD_LENGTH);
  }

  /** A message of at most 500 characters, control characters replaced. */
  public static String message(String text) {
    return printable(text, MESSAGE_LENGTH);
  }

  private static String printable(String text, int limit) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(limit, text.length()); i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) || c == '\ufffd' ? '?' : c);
    }
    return text.length() > limit ? out.append("...").toString() : out.toString();
  }
}
