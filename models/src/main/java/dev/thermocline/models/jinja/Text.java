package dev.thermocline.models.jinja;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A string that remembers which of its characters came from messages, through whatever a template
 * does to it. Equality looks at the characters only. Immutable; indices are {@code char}s.
 */
final class Text {
  static final Text EMPTY = new Text("", null, false);

  private final String chars;
  private final @Nullable BitSet foreign;
  private final boolean markup;

  Text(String chars, @Nullable BitSet foreign, boolean markup) {
    this.chars = chars;
    this.foreign = foreign == null || foreign.isEmpty() ? null : foreign;
    this.markup = markup;
  }

  /** A string of the template's own. */
  static Text of(String chars) {
    return new Text(chars, null, false);
  }

  /** A string that came from a message. */
  static Text foreign(String chars) {
    BitSet all = new BitSet(chars.length());
    all.set(0, chars.length());
    return new Text(chars, all, false);
  }

  /** The same origin for another string: character by character where the lengths agree. */
  Text withChars(String other) {
    if (foreign == null || other.length() == chars.length()) {
      return new Text(other, foreign, markup);
    }
    return new Text(other, foreign(other).foreign, markup);
  }

  /** Marked as safe HTML (Jinja's {@code Markup}), or no longer so. */
  Text asMarkup(boolean safe) {
    return safe == markup ? this : new Text(chars, foreign, safe);
  }

  boolean isMarkup() {
    return markup;
  }

  boolean isForeign(int i) {
    return foreign != null && foreign.get(i);
  }

  @Nullable BitSet foreign() {
    return foreign;
  }

  int length() {
    return chars.length();
  }

  /** Number of Unicode characters, which is what templates count. */
  int size() {
    return chars.codePointCount(0, chars.length());
  }

  /** Index of Unicode character {@code i}. */
  int offset(int i) {
    return chars.offsetByCodePoints(0, i);
  }

  Text slice(int from, int to) {
    return new Text(
        chars.substring(from, to), foreign == null ? null : foreign.get(from, to), markup);
  }

  Text plus(Text other) {
    TextBuilder out = new TextBuilder();
    if (markup == other.markup) {
      return out.append(this).append(other).build().asMarkup(markup);
    }
    // Safe HTML stays safe by escaping what joins it, even where nothing else is escaped.
    Text left = markup ? this : TextFilters.escape(this);
    return out.append(left)
        .append(markup ? TextFilters.escape(other) : other)
        .build()
        .asMarkup(true);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Text text && text.chars.equals(chars);
  }

  @Override
  public int hashCode() {
    return chars.hashCode();
  }

  @Override
  public String toString() {
    return chars;
  }
}
