package dev.thermocline.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.UnsupportedModelException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PreTokenizersTest {
  private static final List<String> CHARACTERS =
      List.of(
          "a",
          "B",
          " ",
          "\n",
          "\r",
          "\t",
          "1",
          "\u00b2",
          "'",
          "s",
          "!",
          "\u00e9",
          "\u0301",
          "\u4f60",
          "\ud55c",
          "\u0e01",
          "\ud83d\ude00",
          "\u2028",
          "\u00a0",
          "$",
          "_",
          "<",
          "\u01c5",
          "\u0928");

  static Stream<String> names() {
    return PreTokenizers.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void partsCoverTheText(String name) {
    PreTokenizer rule = PreTokenizers.of(name);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j >= 0; j--) {
        text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
      }
      check(rule, text.toString());
    }
  }

  /** Neither the stack nor the time may depend on how long a run of one kind is. */
  @ParameterizedTest
  @MethodSource("names")
  void longRunsAreNoTrouble(String name) {
    PreTokenizer rule = PreTokenizers.of(name);
    for (String unit : CHARACTERS) {
      check(rule, unit.repeat(50_000));
      check(rule, unit.repeat(20_000) + "x");
    }
    for (String unit : List.of("aB", "a ", "1 ", "a1", "'s", " \n", "A\u0301", "1a", "!a")) {
      check(rule, unit.repeat(20_000));
    }
  }

  private static void check(PreTokenizer rule, String text) {
    IntList ends = rule.split(text);
    int last = 0;
    for (int i = 0; i < ends.size(); i++) {
      assertTrue(ends.get(i) > last, "part " + i + " is empty");
      last = ends.get(i);
    }
    assertEquals(text.length(), last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "llama3=>Hello world's 12345=>Hello/ world/'s/ /123/45",
        "qwen2=>Hello  12 WE'LL=>Hello/ / /1/2/ WE/'LL",
        "gpt-2=>it's  a1 2b!!=>it/'s/ / a/1/ 2/b/!!",
        "starcoder=>ab 123=>ab/ /1/2/3",
        "deepseek-llm=>a 12 b=>a/ /12/ b",
        "deepseek-coder=>a 12 (b)=>a/ /1/2/ (/b/)",
        "falcon=>ab1234!?=>ab/123/4/!?",
        "tekken=>camelCase HTTPServer 12=>camel/Case/ HTTPServer/ /1/2",
        "gpt-4o=>camelCase's 1234=>camel/Case's/ /123/4",
        "kimi-k2=>\u4f60\u597dab 1234=>\u4f60\u597d/ab/ /123/4",
        "tiny_aya=>1234567 12a=>1/234/567/ /12/a",
        "superbpe=>a1234567=>a/1/234/567",
        "afmoe=>1234567=>1/234/567",
        "bloom=>a, b.c=>a/,/ b/./c",
        "seed-coder=>a!!=>a/!!",
        "default=>a$b 123456=>a/$/b/ /123/456",
        "exaone-moe=>a b c1=>a b c/1",
        "jais-2=>a   b=>a/  / b",
        "chameleon=>a  12=>a/  /1/2",
      })
  void splitsAsTheModelsDo(String name, String text, String parts) {
    IntList ends = PreTokenizers.of(name).split(text);
    StringBuilder found = new StringBuilder();
    int from = 0;
    for (int i = 0; i < ends.size(); i++) {
      found.append(i > 0 ? "/" : "").append(text, from, ends.get(i));
      from = ends.get(i);
    }
    assertEquals(parts, found.toString());
  }

  @Test
  void anUnknownOneIsRefused() {
    UnsupportedModelException e =
        assertThrows(UnsupportedModelException.class, () -> PreTokenizers.of("abacus"));
    assertTrue(String.valueOf(e.getMessage()).contains("afmoe"), e.getMessage());
  }
}
