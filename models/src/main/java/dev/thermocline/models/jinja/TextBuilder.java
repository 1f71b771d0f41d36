package dev.thermocline.models.jinja;

import java.util.BitSet;

/** Puts strings together, keeping where their characters came from. */
final class TextBuilder {
  private final StringBuilder chars = new StringBuilder();
  private final BitSet foreign = new BitSet();

  TextBuilder append(Text text) {
    return append(text, 0, text.length());
  }

  TextBuilder append(Text text, int from, int to) {
    int at = chars.length();
    BitSet marks = text.foreign();
    if (marks != null) {
      for (int i = marks.nextSetBit(from); i >= 0 && i < to; i = marks.nextSetBit(i)) {
        int end = Math.min(to, marks.nextClearBit(i));
        foreign.set(at + i - from, at + end - from);
        i = end;
      }
    }
    chars.append(text.toString(), from, to);
    return this;
  }

  TextBuilder append(String own) {
    chars.append(own);
    return this;
  }

  TextBuilder append(String text, boolean isForeign) {
    if (isForeign) {
      foreign.set(chars.length(), chars.length() + text.length());
    }
    chars.append(text);
    return this;
  }

  TextBuilder repeat(Text text, int times) {
    for (int i = 0; i < times; i++) {
      append(text);
    }
    return this;
  }

  int length() {
    return chars.length();
  }

  Text build() {
    return new Text(chars.toString(), (BitSet) foreign.clone(), false);
  }
}
