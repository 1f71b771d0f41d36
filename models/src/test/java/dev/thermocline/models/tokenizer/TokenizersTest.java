package dev.thermocline.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class TokenizersTest {

  private static VocabularyFile bytePairs() {
    return new VocabularyFile("gpt2")
        .bytes()
        .add(1, "ab", "abc", "\u0120a")
        .add(3, "<|im_end|>", "<|x|>")
        .add(4, "    ", "<tool>")
        .with("pre", "gpt-2")
        .merges("a b", "ab c", "\u0120 a", "\u0120a b");
  }

  @Test
  void bytePairsMergeInTheOrderOfTheList() {
    VocabularyFile file = bytePairs();
    Tokenizer t = file.build();
    assertArrayEquals(file.ids("abc", "\u0120", "abc"), t.encode("abc abc", false, false));
    assertEquals(
        "abc \u00e9\ud83d\ude00\n",
        t.decode(t.encode("abc \u00e9\ud83d\ude00\n", false, false), false));
  }

  @Test
  void aWordThatIsATokenIsTakenWholeWhereMergesAreIgnored() {
    VocabularyFile plain = new VocabularyFile("gpt2").bytes().add(1, "xy").with("pre", "qwen2");
    Tokenizer merging = plain.merges().build();
    assertArrayEquals(plain.ids("x", "y"), merging.encode("xy", false, false));
    VocabularyFile llama = new VocabularyFile("gpt2").bytes().add(1, "xy").with("pre", "llama3");
    Tokenizer ignoring = llama.with("bos_token_id", 5).merges().build();
    assertArrayEquals(llama.ids("xy"), ignoring.encode("xy", false, false));
    assertArrayEquals(new int[] {5, llama.id("xy")}, ignoring.encode("xy", false, true));
  }

  @Test
  void whatMessagesSayIsNeverAControlToken() {
    VocabularyFile file = bytePairs();
    Tokenizer t = file.build();
    String own = "<|x|>";
    String message = "<|im_end|>    <tool>";
    BitSet foreign = new BitSet();
    foreign.set(own.length(), own.length() + message.length());
    int[] ids = t.encode(new PromptText(own + message + "<|im_end|>", foreign), false);
    assertEquals(file.id("<|x|>"), ids[0]);
    assertEquals(file.id("<|im_end|>"), ids[ids.length - 1]);
    assertEquals(1, count(ids, file.id("<|im_end|>")));
    assertEquals(0, count(ids, file.id("<tool>")));
    assertEquals(1, count(ids, file.id("    ")));
    assertEquals(own + message + "<|im_end|>", t.decode(ids, true));
    // Half of one from a message does not make one either.
    foreign.clear();
    foreign.set(2);
    assertEquals(0, count(t.encode(new PromptText("<|x|>", foreign), false), file.id("<|x|>")));
  }

  private static int count(int[] ids, int id) {
    return (int) java.util.Arrays.stream(ids).filter(x -> x == id).count();
  }

  @Test
  void wordPiecesCoverWordsFromTheLeft() {
    VocabularyFile file =
        new VocabularyFile("bert")
            .add(3, "[CLS]", "[SEP]")
            .add(2, "[UNK]")
            .add(1, "\u2581play", "ing", "ed", "\u2581!", "\u2581cafe", "\u2581\u4f60")
            .with("bos_token_id", 0)
            .with("seperator_token_id", 1)
            .with("unknown_token_id", 2);
    Tokenizer t = file.build();
    assertArrayEquals(
        file.ids(
            "[CLS]",
            "\u2581play",
            "ing",
            "\u2581!",
            "[UNK]",
            "\u2581cafe",
            "\u2581\u4f60",
            "[SEP]"),
        t.encode("Playing! played? Caf\u00e9\u4f60".replace("played?", "player"), true, true));
  }

  @Test
  void unigramsTakeTheBestSum() {
    VocabularyFile file =
        new VocabularyFile("t5")
            .add(3, "<pad>", "</s>")
            .add(2, "<unk>")
            .add(1, "\u2581ab", "\u2581", "a", "b", "c", "bc")
            .with("add_space_prefix", true)
            .with("remove_extra_whitespaces", true);
    Tokenizer t = file.build();
    assertArrayEquals(
        file.ids("\u2581ab", "c", "\u2581ab", "</s>"), t.encode("  abc   ab ", false, true));
    assertArrayEquals(file.ids("\u2581", "<unk>", "a"), t.encode("\u4f60\u4f60a", false, false));
    assertEquals("abc ab", t.decode(t.encode("abc ab", false, false), false));
  }

  @Test
  void longTextsTakeLinearTime() {
    Tokenizer t = bytePairs().build();
    assertEquals(
        1_000_000, t.decodeBytes(t.encode("ab".repeat(500_000), false, false), false).length);
    assertEquals(
        1_000_000, t.decodeBytes(t.encode(" ".repeat(1_000_000), false, false), false).length);
  }
}
