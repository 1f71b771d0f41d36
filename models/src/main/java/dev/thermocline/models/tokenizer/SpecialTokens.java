package dev.thermocline.models.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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
  private final BitSet swallowsSpaceAfter;

  /**
   * Collects the special tokens of a vocabulary.
   *
   * @param swallowsSpaceAfter tokens that take the white space after them along
   */
  SpecialTokens(Vocabulary vocabulary, BitSet swallowsSpaceAfter) {
    this.vocabulary = vocabulary;
    this.swallowsSpaceAfter = swallowsSpaceAfter;
    List<Integer> special = new ArrayList<>();
    for (int i = 0; i < vocabulary.size(); i++) {
      if (isSpecial(vocabulary.type(i)) && vocabulary.pieces().length(i) > 0) {
        special.add(i);
      }
    }
    special.sort((a, b) -> vocabulary.pieces().length(b) - vocabulary.pieces().length(a));
    byLength = special.stream().mapToInt(Integer::intValue).toArray();
  }

  static boolean isSpecial(TokenType type) {
    return switch (type) {
      case CONTROL, UNKNOWN, USER_DEFINED -> true;
      case UNDEFINED, NORMAL, UNUSED, BYTE -> false;
    };
  }

  /** Splits a text at its special tokens. */
  List<Fragment> split(byte[] text, boolean parseSpecial) {
    List<Fragment> fragments = new ArrayList<>();
    if (text.length > 0) {
      fragments.add(new Fragment(-1, 0, text.length));
    }
    BitSet starts = firstBytePairs(text);
    for (int token : byLength) {
      if (!parseSpecial && vocabulary.type(token) != TokenType.USER_DEFINED) {
        continue;
      }
      byte[] piece = vocabulary.pieces().piece(token);
      if (starts.get(pair(piece, 0)) && indexOf(text, piece, 0, text.length) >= 0) {
        fragments = splitAt(fragments, text, token, piece);
      }
    }
    return fragments;
  }

  /** The pairs of neighbouring bytes in a text: rules out most of a long list of tokens at once. */
  private static BitSet firstBytePairs(byte[] text) {
    BitSet pairs = new BitSet(1 << 16);
    for (int i = 0; i < text.length; i++) {
      pairs.set(pair(text, i));
      pairs.set((text[i] & 0xff) << 8);
    }
    return pairs;
  }

  private static int pair(byte[] bytes, int i) {
    return (bytes[i] & 0xff) << 8 | (i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0);
  }

  private List<Fragment> splitAt(List<Fragment> fragments, byte[] text, int token, byte[] piece) {
    List<Fragment> split = new ArrayList<>();
    for (Fragment fragment : fragments) {
      if (fragment.token() < 0) {
        splitAt(fragment, text, token, piece, split);
      } else {
        split.add(fragment);
      }
    }
    return split;
  }

  private void splitAt(
      Fragment fragment, byte[] text, int token, byte[] piece, List<Fragment> out) {
    int from = fragment.from();
    int to = fragment.to();
    for (int at = indexOf(text, piece, from, to); at >= 0; at = indexOf(text, piece, from, to)) {
      addText(from, at, out);
      from = at + piece.length;
      out.add(new Fragment(token, at, from));
      if (swallowsSpaceAfter.get(token)) {
        while (from < to && isSpace(text[from])) {
          from++;
        }
      }
    }
    addText(from, to, out);
  }

  private static void addText(int from, int to, List<Fragment> out) {
    if (from < to) {
      out.add(new Fragment(-1, from, to));
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b >= '\t' && b <= '\r';
  }

  private static int indexOf(byte[] text, byte[] piece, int from, int to) {
    for (int i = from; i <= to - piece.length; i++) {
      if (text[i] == piece[0]
          && java.util.Arrays.equals(text, i, i + piece.length, piece, 0, piece.length)) {
        return i;
      }
    }
    return -1;
  }
}
