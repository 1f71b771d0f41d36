package dev.thermocline.models.tokenizer;

import java.util.List;

/**
 * How a byte-level tokenizer cuts text into words before it merges, and what else the name of a
 * pre-tokenizer stands for where a file does not say.
 *
 * @param splitters steps, each applied to the parts that the one before left
 * @param ignoreMerges whether a word that is a token is taken whole, without merging
 * @param addBos whether texts begin with BOS unless the file says otherwise
 * @param bytes whether words are spelled in the byte alphabet; else spaces become U+2581 and
 *     unknown characters {@code <0xNN>} tokens
 */
record PreTokenizer(List<Splitter> splitters, boolean ignoreMerges, boolean addBos, boolean bytes) {

  static PreTokenizer of(String... patterns) {
    return of(List.of(patterns).stream().map(Splitter::matches).toList());
  }

  static PreTokenizer of(List<Splitter> splitters) {
    return new PreTokenizer(splitters, false, false, true);
  }

  PreTokenizer ignoringMerges() {
    return new PreTokenizer(splitters, true, addBos, bytes);
  }

  PreTokenizer addingBos() {
    return new PreTokenizer(splitters, ignoreMerges, true, bytes);
  }

  PreTokenizer withoutBytes() {
    return new PreTokenizer(splitters, ignoreMerges, addBos, false);
  }

  /** Ends of the words of a text, in characters. */
  IntList split(String text) {
    IntList ends = new IntList();
    ends.add(text.length());
    for (Splitter splitter : splitters) {
      IntList next = new IntList();
      int from = 0;
      for (int i = 0; i < ends.size(); i++) {
        splitter.split(text, from, ends.get(i), next);
        from = ends.get(i);
      }
      ends = next;
    }
    return ends;
  }
}
