package dev.thermocline.engine.constrain.regex;

import dev.thermocline.engine.constrain.ConstraintException;

/** A text being parsed, character by character, and where it stands. */
public final class Source {
  private final String what;
  private final int[] characters;
  private int at;

  /**
   * Starts at the first character.
   *
   * @param what the text is, for errors
   */
  public Source(String what, String text) {
    this.what = what;
    this.characters = text.codePoints().toArray();
  }

  public boolean isAtEnd() {
    return at == characters.length;
  }

  /** The next character without taking it; the end is an error. */
  public int peek() {
    if (isAtEnd()) {
      throw error("expected more, found the end");
    }
    return characters[at];
  }

  /** Whether the character {@code ahead} of the next one is a digit. */
  public boolean peekDigit(int ahead) {
    int i = at + ahead;
    return i < characters.length && characters[i] >= '0' && characters[i] <= '9';
  }

  /** Takes the next character; the end is an error. */
  public int next() {
    int c = peek();
    at++;
    return c;
  }

  /** Takes the next character if it is {@code wanted}. */
  public boolean take(int wanted) {
    boolean found = !isAtEnd() && characters[at] == wanted;
    at += found ? 1 : 0;
    return found;
  }

  /** Takes a text if it comes next. */
  public boolean take(String wanted) {
    int[] expected = wanted.codePoints().toArray();
    int to = at + expected.length;
    boolean found =
        to <= characters.length
            && java.util.Arrays.equals(characters, at, to, expected, 0, expected.length);
    at = found ? to : at;
    return found;
  }

  /** Takes a decimal number. */
  public int number(int most) {
    long value = 0;
    if (!peekDigit(0)) {
      throw error("expected a number");
    }
    while (peekDigit(0)) {
      value = value * 10 + (next() - '0');
      if (value > most) {
        throw error("expected a number of at most " + most);
      }
    }
    return (int) value;
  }

  /** Takes {@code digits} hexadecimal digits. */
  public int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw error("expected " + digits + " hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    if (value < 0 || value > Character.MAX_CODE_POINT) {
      throw error("expected a character up to U+10FFFF");
    }
    return value;
  }

  /** An error here, with what stands before this place. */
  public ConstraintException error(String problem) {
    int from = Math.max(0, at - 20);
    String before = new String(characters, from, at - from);
    return new ConstraintException(
        what + ", character " + at + ", after \"" + before + "\": " + problem);
  }

  /** Where it stands, to come back to. */
  public int position() {
    return at;
  }

  /** Goes back to a position. */
  public void back(int position) {
    at = position;
  }
}
