package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.Model;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  private static Model model;

  @BeforeAll
  static void open() throws Exception {
    model = Model.openDefault();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** What comes out, piece by piece. */
  private static List<String> pieces(int[] tokens, List<String> stops) throws InterruptedException {
    Generation generation = new Generation(1, tokens.length + 1);
    for (int token : tokens) {
      generation.append(token);
    }
    generation.finish(FinishReason.STOP, null);
    TextStream stream = new TextStream(model.tokenizer(), generation, stops, true);
    List<String> pieces = new ArrayList<>();
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      pieces.add(piece);
    }
    assertNull(stream.next());
    return pieces;
  }

  /** Character by character: what the first stop string to be complete leaves. */
  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      int start = Integer.MAX_VALUE;
      for (String stop : stops) {
        start =
            text.startsWith(stop, end - stop.length())
                ? Math.min(start, end - stop.length())
                : start;
      }
      if (start < Integer.MAX_VALUE) {
        return text.substring(0, start);
      }
    }
    return text;
  }

  @Test
  void noPartOfAStopStringEverLeaves() throws Exception {
    Tokenizer tokenizer = model.tokenizer();
    String text = " the little cat saw a big \u00e4pfel\u2026 and the dog said: The End of it";
    int[] tokens = tokenizer.encode(text, false, false);
    String decoded = tokenizer.decode(tokens, false);
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 2000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        int from = random.nextInt(decoded.length() - 1);
        int to = from + 1 + random.nextInt(Math.min(12, decoded.length() - from - 1));
        String stop = decoded.substring(from, to);
        stops.add(random.nextInt(4) == 0 ? stop + "#" : stop);
      }
      String all = String.join("", pieces(tokens, List.of()));
      String expected = cut(all, stops);
      StringBuilder seen = new StringBuilder();
      for (String piece : pieces(tokens, stops)) {
        seen.append(piece);
        assertTrue(expected.startsWith(seen.toString()), "stops " + stops + ", saw " + seen);
      }
      assertEquals(expected, seen.toString(), "stops " + stops);
    }
  }

  @Test
  void textLeavesAsSoonAsItIsDecided() throws Exception {
    int[] tokens = model.tokenizer().encode(" the cat and the dog", false, false);
    List<String> pieces = pieces(tokens, List.of("zebra"));
    assertEquals(tokens.length + 1, pieces.size());
    assertTrue(pieces.stream().limit(tokens.length).noneMatch(String::isEmpty), pieces::toString);
  }

  @Test
  void aStopStringCancelsTheGeneration() throws Exception {
    int[] tokens = model.tokenizer().encode(" the cat and the dog", false, false);
    Generation generation = new Generation(1, tokens.length + 1);
    for (int token : tokens) {
      generation.append(token);
    }
    TextStream stream = new TextStream(model.tokenizer(), generation, List.of("and"), true);
    StringBuilder text = new StringBuilder();
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece);
    }
    assertTrue(text.toString().endsWith("cat "), text::toString);
    assertTrue(generation.isCancelled());
  }

  @Test
  void charactersAreNeverSplit() throws Exception {
    int[] tokens = model.tokenizer().encode(" \u4f60\u597d \ud83d\ude42 ok", false, false);
    for (String piece : pieces(tokens, List.of())) {
      assertTrue(piece.indexOf('\ufffd') < 0, piece);
      assertTrue(
          piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)), piece);
    }
  }
}
