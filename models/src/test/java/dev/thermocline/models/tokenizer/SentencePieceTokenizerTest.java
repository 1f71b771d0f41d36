package dev.thermocline.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.Model;
import dev.thermocline.models.UnsupportedModelException;
import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufValue;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceTokenizerTest {
  private static final String[] SCRAPS = {
    "the", " ", "  ", "Once", " upon", "a time", "\n", "\t", "\u00e4\u00f6", "\u4f60\u597d",
    "\ud83d\ude00", "e\u0301", "<s>", "</s>", "<0x41>", "\u2581", "123", "?!", "zzz", "\0"
  };

  /** A vocabulary under construction: three control tokens, all bytes, then what is added. */
  private static final class Table {
    private final List<String> texts = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    private final List<Float> scores = new ArrayList<>(List.of(0f, 0f, 0f));
    private final List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    private final GgufWriter writer = new GgufWriter();

    Table() {
      for (int b = 0; b < 256; b++) {
        add(String.format("<0x%02X>", b), 0, 6);
      }
    }

    Table add(String text, double score, int type) {
      texts.add(text);
      scores.add((float) score);
      types.add(type);
      return this;
    }

    Table words(String... words) {
      for (String word : words) {
        add(word, -texts.size(), 1);
      }
      return this;
    }

    Table with(String key, boolean value) {
      writer.put("tokenizer.ggml." + key, value);
      return this;
    }

    int id(String text) {
      return texts.indexOf(text);
    }

    Tokenizer build() {
      float[] s = new float[scores.size()];
      for (int i = 0; i < s.length; i++) {
        s[i] = scores.get(i);
      }
      writer
          .put("tokenizer.ggml.model", "llama")
          .put("tokenizer.ggml.tokens", GgufValue.strings(texts))
          .put("tokenizer.ggml.scores", GgufValue.floats(s))
          .put(
              "tokenizer.ggml.token_type",
              GgufValue.ints(types.stream().mapToInt(Integer::intValue).toArray()));
      return Tokenizers.of(read(writer).metadata());
    }
  }

  private static GgufFile read(GgufWriter writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return GgufFile.of(MemorySegment.ofArray(out.toByteArray()));
  }

  @Test
  void theBestScoreMergesFirstThenTheLeftmost() {
    Table table = new Table().words("\u2581", "a", "b", "c");
    table.add("ab", -1, 1).add("bc", -0.5, 1).add("aa", -2, 1);
    Tokenizer t = table.build();
    int space = table.id("\u2581");
    assertArrayEquals(
        new int[] {space, table.id("a"), table.id("bc")}, t.encode("abc", false, false));
    assertArrayEquals(
        new int[] {space, table.id("aa"), table.id("a")}, t.encode("aaa", false, false));
  }

  @Test
  void unknownCharactersAreSpelledInBytes() {
    Table table = new Table().words("\u2581");
    int[] ids = table.build().encode("\u00e4", false, false);
    assertArrayEquals(new int[] {table.id("\u2581"), table.id("<0xC3>"), table.id("<0xA4>")}, ids);
  }

  @Test
  void metadataDecideAboutBosEosAndTheSpacePrefix() {
    Table table = new Table().words("\u2581", "a");
    int space = table.id("\u2581");
    int a = table.id("a");
    assertArrayEquals(new int[] {1, space, a}, table.build().encode("a", false, true));
    assertArrayEquals(new int[] {space, a}, table.build().encode("a", false, false));
    assertArrayEquals(new int[] {1}, table.build().encode("", false, true));
    assertArrayEquals(new int[] {}, table.build().encode("", false, false));
    table.with("add_bos_token", false).with("add_eos_token", true);
    assertArrayEquals(new int[] {space, a, 2}, table.build().encode("a", false, true));
    table.with("add_space_prefix", false);
    assertArrayEquals(new int[] {a, 2}, table.build().encode("a", false, true));
  }

  @Test
  void controlTokensAreParsedOnlyOnRequestAndUserDefinedOnesAlways() {
    Table table = new Table().words("\u2581", "a").add("<|user|>", 0, 3).add("[A]", 0, 4);
    Tokenizer t = table.build();
    int space = table.id("\u2581");
    int a = table.id("a");
    assertArrayEquals(
        new int[] {table.id("<|user|>"), space, a}, t.encode("<|user|>a", true, false));
    assertEquals("<|user|>a", t.decode(t.encode("<|user|>a", false, false), false));
    assertFalse(
        Arrays.stream(t.encode("<|user|>a", false, false))
            .anyMatch(x -> x == table.id("<|user|>")));
    assertArrayEquals(
        new int[] {space, a, table.id("[A]"), space, a}, t.encode("a[A]a", false, false));
  }

  @Test
  void endsOfGenerationIncludeWellKnownTurnTokens() {
    Table table = new Table().add("<|eot_id|>", 0, 3).add("<|end|>", 0, 1);
    Tokenizer t = table.build();
    assertTrue(t.isEndOfGeneration(2));
    assertTrue(t.isEndOfGeneration(table.id("<|eot_id|>")));
    assertTrue(t.isEndOfGeneration(table.id("<|end|>")), "whatever the file calls it");
    assertFalse(t.isEndOfGeneration(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void textsComeBackAndStreamsNeverSplitCharacters(long seed) throws IOException {
    Random random = new Random(seed);
    try (Model model = Model.openDefault()) {
      Tokenizer stored = model.tokenizer();
      Tokenizer prefixed =
          new Table().words("\u2581", "th", "he", "the", "\u2581the", "On", "ce").build();
      for (int i = 0; i < 300; i++) {
        String text = text(random);
        roundTrip(stored, text, seed);
        roundTrip(prefixed, text, seed);
      }
    }
  }

  private static void roundTrip(Tokenizer tokenizer, String text, long seed) {
    // The visible space cannot be told from a real one.
    String expected = text.replace('\u2581', ' ');
    int[] ids = tokenizer.encode(text, false, false);
    assertEquals(expected, tokenizer.decode(ids, false), "seed " + seed);
    StreamDecoder stream = new StreamDecoder(tokenizer, false, false);
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      String piece = stream.next(id);
      assertFalse(piece.contains("\ufffd"), "half a character; seed " + seed);
      streamed.append(piece);
    }
    streamed.append(stream.finish());
    assertEquals(expected, streamed.toString(), "seed " + seed);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(SCRAPS[random.nextInt(SCRAPS.length)]);
    }
    return text.toString();
  }

  @Test
  void bytesThatAreNoUtf8ComeBackToo() throws IOException {
    Random random = new Random(4);
    try (Model model = Model.openDefault()) {
      for (int i = 0; i < 500; i++) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        int[] ids = model.tokenizer().encode(bytes, false, false);
        byte[] back = model.tokenizer().decodeBytes(ids, false);
        assertEquals(visible(bytes), visible(back));
      }
    }
  }

  private static String visible(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replace("\u00e2\u0096\u0081", " ");
  }

  @Test
  void mergingEqualsTheSlowWayOfDoingIt() throws IOException {
    Random random = new Random(5);
    try (Model model = Model.openDefault()) {
      var metadata = model.gguf().metadata();
      float[] scores = metadata.array("tokenizer.ggml.scores").toFloats();
      for (int i = 0; i < 200; i++) {
        String text = text(random).replace("\u2581", "");
        int[] expected = slowly(model.tokenizer(), scores, text);
        assertArrayEquals(expected, model.tokenizer().encode(text, false, false), text);
      }
    }
  }

  /** Looks at all pairs again after every merge. */
  private static int[] slowly(Tokenizer tokenizer, float[] scores, String text) {
    java.util.Map<String, Integer> ids = new java.util.HashMap<>();
    for (int i = 0; i < tokenizer.size(); i++) {
      ids.put(tokenizer.text(i), i);
    }
    List<String> symbols = new ArrayList<>();
    text.replace(' ', '\u2581').codePoints().forEach(c -> symbols.add(Character.toString(c)));
    while (true) {
      int best = -1;
      float bestScore = Float.NEGATIVE_INFINITY;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Integer id = ids.get(symbols.get(i) + symbols.get(i + 1));
        if (id != null && scores[id] > bestScore) {
          best = i;
          bestScore = scores[id];
        }
      }
      if (best < 0) {
        break;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
    IntList out = new IntList();
    for (String symbol : symbols) {
      Integer id = ids.get(symbol);
      if (id != null) {
        out.add(id);
      } else {
        for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
          out.add(ids.get(String.format("<0x%02X>", b)));
        }
      }
    }
    return out.toArray();
  }

  @Test
  void aLongTextTakesNoQuadraticTime() throws IOException {
    try (Model model = Model.openDefault()) {
      String text = "Once upon a time there was a little bear. ".repeat(20_000);
      assertEquals(
          text, model.tokenizer().decode(model.tokenizer().encode(text, false, false), false));
      String same = "a".repeat(500_000);
      assertEquals(
          same, model.tokenizer().decode(model.tokenizer().encode(same, false, false), false));
    }
  }

  @Test
  void whatIsNotSupportedSaysSo() {
    GgufWriter other = new GgufWriter().put("tokenizer.ggml.model", "abacus");
    String message =
        assertThrows(UnsupportedModelException.class, () -> Tokenizers.of(read(other).metadata()))
            .getMessage();
    assertTrue(message.contains("abacus") && message.contains("gpt2"), message);
    assertThrows(
        UnsupportedModelException.class, () -> Tokenizers.of(read(new GgufWriter()).metadata()));
  }

  @Test
  void tablesOfDifferentLengthsAreRefused() {
    GgufWriter odd =
        new GgufWriter()
            .put("tokenizer.ggml.model", "llama")
            .put("tokenizer.ggml.tokens", GgufValue.strings(List.of("a", "b")))
            .put("tokenizer.ggml.scores", GgufValue.floats(1));
    String message =
        assertThrows(GgufFormatException.class, () -> Tokenizers.of(read(odd).metadata()))
            .getMessage();
    assertTrue(message.contains("each of 2 tokens, found 1"), message);
  }
}
