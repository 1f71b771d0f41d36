package dev.thermocline.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds tokens that are recognised by their text, before the rest is split up: user-defined ones
 * always, control ones on request. Longer tokens win over shorter ones wherever they stand, then
 * the first occurrence.
 */
final class SpecialTokens {

  /**
   * A stretch of the text.
   *
   * @param token what it is, or -1 for text {@code [from, to)} still to be split up
   */
  record Fragment(int token, int from, int to) {}

  private final Vocabulary vocabulary;
  private final int[] byLength;
  private final PrefixIndex index;
  private final StripRules strip;

  SpecialTokens(Vocabulary vocabulary, StripRules strip) {
    this.vocabulary = vocabulary;
    this.strip = strip;
    PieceTable pieces = vocabulary.pieces();
    byLength =
        IntStream.range(0, vocabulary.size())
            .filter(i -> isSpecial(vocabulary.type(i)) && pieces.length(i) > 0)
            .boxed()
            .sorted((a, b) -> pieces.length(b) - pieces.length(a))
            .mapToInt(Integer::intValue)
            .toArray();
    index = new PrefixIndex(pieces, byLength);
  }

  static boolean isSpecial(TokenType type) {
    return switch (type) {
      case CONTROL, UNKNOWN, USER_DEFINED -> true;
      case UNDEFINED, NORMAL, UNUSED, BYTE -> false;
    };
  }

  /**
   * Splits a text at its special tokens.
   *
   * @param foreign bytes in which nothing that looks like structure is recognised
   */
  List<Fragment> split(byte[] text, boolean parseSpecial, BitSet foreign) {
    List<Fragment> fragments = new ArrayList<>();
    if (text.length > 0) {
      fragments.add(new Fragment(-1, 0, text.length));
    }
    BitSet present = present(text);
    for (int token : byLength) {
      if (present.get(token)
          && (parseSpecial || vocabulary.type(token) == TokenType.USER_DEFINED)) {
        fragments = splitAt(fragments, text, token, foreign);
      }
    }
    return fragments;
  }

  /** The tokens that occur in a text, found in one pass: usually few of a long list. */
  private BitSet present(byte[] text) {
    BitSet present = new BitSet(vocabulary.size());
    for (int i = 0; i < text.length; i++) {
      index.match(text, i, text.length, (token, length) -> present.set(token));
    }
    return present;
  }

  private List<Fragment> splitAt(List<Fragment> fragments, byte[] text, int token, BitSet foreign) {
    byte[] piece = vocabulary.pieces().piece(token);
    boolean structural = vocabulary.type(token) != TokenType.USER_DEFINED || isBracketed(piece);
    BitSet closed = structural ? foreign : new BitSet();
    List<Fragment> split = new ArrayList<>();
    for (Fragment fragment : fragments) {
      if (fragment.token() < 0) {
        splitAt(fragment, text, token, piece, closed, split);
      } else {
        split.add(fragment);
      }
    }
    return split;
  }

  /** Whether a user-defined token looks like a tag; others are words or runs of white space. */
  private static boolean isBracketed(byte[] piece) {
    byte first = piece[0];
    byte last = piece[piece.length - 1];
    return piece.length > 2 && (first == '<' && last == '>' || first == '[' && last == ']');
  }

  private void splitAt(
      Fragment fragment, byte[] text, int token, byte[] piece, BitSet closed, List<Fragment> out) {
    int from = fragment.from();
    int to = fragment.to();
    int at = indexOf(text, piece, from, to, closed);
    for (; at >= 0; at = indexOf(text, piece, from, to, closed)) {
      addText(from, strip.before().get(token) ? trimEnd(text, from, at) : at, out);
      from = at + piece.length;
      out.add(new Fragment(token, at, from));
      if (strip.after().get(token)) {
        from = trimStart(text, from, to);
      }
    }
    addText(from, to, out);
  }

  private static void addText(int from, int to, List<Fragment> out) {
    if (from < to) {
      out.add(new Fragment(-1, from, to));
    }
  }

  private static int trimStart(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isSpace(text[at])) {
      at++;
    }
    return at;
  }

  private static int trimEnd(byte[] text, int from, int to) {
    int at = to;
    while (at > from && isSpace(text[at - 1])) {
      at--;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b >= '\t' && b <= '\r';
  }

  /** First occurrence in {@code text[from, to)} that touches no closed byte, or -1. */
  private static int indexOf(byte[] text, byte[] piece, int from, int to, BitSet closed) {
    for (int i = from; i <= to - piece.length; i++) {
      if (text[i] == piece[0] && Arrays.equals(text, i, i + piece.length, piece, 0, piece.length)) {
        int next = closed.nextSetBit(i);
        if (next < 0 || next >= i + piece.length) {
          return i;
        }
      }
    }
    return -1;
  }
}
