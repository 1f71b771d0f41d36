package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.models.tokenizer.TokenType;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.IntArrayList;

/**
 * The tokens of a vocabulary by their bytes, as a tree in the order of a depth-first walk: node
 * {@code i} is followed by its first child, its subtree ends at {@code end[i]}. Control tokens and
 * those that end a text are kept apart; tokens without bytes are nowhere.
 */
public final class TokenTrie {
  /** Longer tokens are never needed, and a file may hold any. */
  private static final int LONGEST = 256;

  final byte[] symbol;
  final short[] depth;
  final int[] end;

  /** A token that ends at a node, or -1. */
  final int[] token;

  /** Another token with the same bytes, or -1; {@code [vocabulary]}. */
  final int[] same;

  /** The bytes of every token; empty for those that are not in the tree. */
  private final byte[][] pieces;

  private final Map<String, Integer> specialTexts = new HashMap<>();
  private final int[] specials;
  private final int[] ends;
  private final boolean[] isSpecial;
  private final boolean[] isEnd;
  private final int longest;

  private TokenTrie(Tokenizer tokenizer, int vocabulary) {
    int size = Math.min(vocabulary, tokenizer.size());
    pieces = new byte[vocabulary][];
    isSpecial = new boolean[vocabulary];
    isEnd = new boolean[vocabulary];
    same = new int[vocabulary];
    Arrays.fill(same, -1);
    Arrays.fill(pieces, new byte[0]);
    List<Integer> inside = new ArrayList<>();
    for (int id = 0; id < size; id++) {
      sort(tokenizer, id, inside);
    }
    specials = indices(isSpecial);
    ends = indices(isEnd);
    inside.sort((x, y) -> Arrays.compareUnsigned(pieces[x], pieces[y]));
    Nodes nodes = new Nodes();
    for (int id : inside) {
      nodes.add(id);
    }
    nodes.close(0);
    symbol = nodes.symbols();
    depth = nodes.depths();
    end = nodes.end.toIntArray();
    token = nodes.token.toIntArray();
    longest = nodes.longest;
  }

  /**
   * Reads a vocabulary.
   *
   * @param vocabulary number of logits, which may differ from the tokenizer's size
   */
  public static TokenTrie of(Tokenizer tokenizer, int vocabulary) {
    return new TokenTrie(tokenizer, vocabulary);
  }

  private void sort(Tokenizer tokenizer, int id, List<Integer> inside) {
    if (tokenizer.isEndOfGeneration(id)) {
      isEnd[id] = true;
      return;
    }
    TokenType type = tokenizer.type(id);
    switch (type) {
      case CONTROL -> {
        isSpecial[id] = true;
        specialTexts.put(tokenizer.text(id), id);
      }
      case NORMAL, USER_DEFINED, BYTE -> {
        byte[] piece = tokenizer.piece(id, false);
        if (piece.length > 0 && piece.length <= LONGEST) {
          pieces[id] = piece;
          inside.add(id);
        }
      }
      case UNDEFINED, UNKNOWN, UNUSED -> {}
    }
  }

  private static int[] indices(boolean[] flags) {
    IntArrayList list = new IntArrayList();
    for (int i = 0; i < flags.length; i++) {
      if (flags[i]) {
        list.addInt(i);
      }
    }
    return list.toIntArray();
  }

  /** Builds the arrays from tokens in the order of their bytes. */
  private final class Nodes {
    private final StringBuilder symbol = new StringBuilder();
    private final IntArrayList depth = new IntArrayList();
    private final IntArrayList end = new IntArrayList();
    private final IntArrayList token = new IntArrayList();
    private final int[] path = new int[LONGEST];
    private byte[] last = new byte[0];
    private int longest;

    void add(int id) {
      byte[] piece = pieces[id];
      int shared = Math.max(0, Arrays.mismatch(last, piece));
      if (Arrays.equals(last, piece)) {
        int node = path[piece.length - 1];
        same[id] = token.getInt(node);
        token.setInt(node, id);
        return;
      }
      close(shared);
      for (int i = shared; i < piece.length; i++) {
        path[i] = end.size();
        symbol.append((char) (piece[i] & 0xff));
        depth.addInt(i);
        end.addInt(0);
        token.addInt(-1);
      }
      token.setInt(token.size() - 1, id);
      last = piece;
      longest = Math.max(longest, piece.length);
    }

    void close(int from) {
      for (int i = from; i < last.length; i++) {
        end.setInt(path[i], end.size());
      }
    }

    byte[] symbols() {
      return symbol.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    short[] depths() {
      short[] depths = new short[depth.size()];
      for (int i = 0; i < depths.length; i++) {
        depths[i] = (short) depth.getInt(i);
      }
      return depths;
    }
  }

  public int vocabulary() {
    return same.length;
  }

  /** The control tokens by their texts. */
  public Map<String, Integer> specialTexts() {
    return Map.copyOf(specialTexts);
  }

  int longest() {
    return longest;
  }

  /** The bytes of a token in the tree; not a copy. */
  byte[] piece(int id) {
    return pieces[id];
  }

  boolean isEnd(int id) {
    return isEnd[id];
  }

  boolean isSpecial(int id) {
    return isSpecial[id];
  }

  int[] specials() {
    return specials;
  }

  int[] ends() {
    return ends;
  }
}
