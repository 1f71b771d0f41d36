package dev.thermocline.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever somebody sends is compiled or refused with a reason, and what compiles can be followed.
 * Work is bounded in steps.
 */
class HostileSourcesTest {
  private static final PieceTokenizer TOKENIZER =
      PieceTokenizer.random(new SplittableRandom(1), "ab{}\"[]:, 0", 100);
  private static final Constraints CONSTRAINTS = Constraints.of(TOKENIZER, TOKENIZER.size());

  private int compiled;
  private int refused;

  private void attempt(String kind, String source) {
    try {
      Constraint constraint =
          switch (kind) {
            case "regex" -> CONSTRAINTS.regex(source);
            case "gbnf" -> CONSTRAINTS.gbnf(source);
            default -> CONSTRAINTS.jsonSchema(source);
          };
      follow(constraint);
      compiled++;
    } catch (ConstraintException e) {
      refused++;
      assertTrue(String.valueOf(e.getMessage()).length() > 10, source);
    }
  }

  private static void follow(Constraint constraint) {
    SplittableRandom random = new SplittableRandom(5);
    TokenConstraint cursor = constraint.start();
    long[] mask = new long[(TOKENIZER.size() + 63) / 64];
    for (int i = 0; i < 40 && cursor.fill(mask) && !cursor.isFinished(); i++) {
      int token = random.nextInt(TOKENIZER.size());
      while ((mask[token / 64] >>> token & 1) == 0) {
        token = (token + 1) % TOKENIZER.size();
      }
      if (token == PieceTokenizer.END) {
        return;
      }
      cursor.advance(token);
    }
  }

  @Test
  void mutatedSourcesNeitherHangNorCrash() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2500; i++) {
      attempt("schema", mutated(RandomSchema.of(random), random));
      attempt("regex", mutated("^(a{2,3}|[^b-c\\d]*?)+\\u00e9(?:x|y){1,40}$", random));
      attempt(
          "gbnf",
          mutated("root ::= a (b | \"x\"{2,4})* [^a-z]?\na ::= \"q\" b\nb ::= [0-9]+", random));
    }
    System.out.println(compiled + " compiled, " + refused + " refused");
    assertTrue(compiled > 500 && refused > 500, compiled + " compiled, " + refused + " refused");
  }

  private static String mutated(String source, SplittableRandom random) {
    StringBuilder text = new StringBuilder(source);
    for (int edits = random.nextInt(4); edits > 0 && !text.isEmpty(); edits--) {
      int at = random.nextInt(text.length());
      int to = Math.min(text.length(), at + random.nextInt(1, 8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, text.substring(at, to).repeat(random.nextInt(1, 20)));
        case 2 -> text.setCharAt(at, "{}[]()\",:*+?|\\^$01azu".charAt(random.nextInt(21)));
        default -> text.insert(at, "9".repeat(random.nextInt(1, 9)));
      }
    }
    return text.toString();
  }

  @Test
  void extremesAreBounded() {
    List<String[]> extremes = new ArrayList<>();
    extremes.add(new String[] {"regex", "(".repeat(5000) + ")".repeat(5000)});
    extremes.add(new String[] {"regex", "a?".repeat(9000) + "a".repeat(100)});
    extremes.add(new String[] {"regex", "(a|a)*".repeat(3000)});
    extremes.add(
        new String[] {"regex", "(".repeat(90) + "a" + "{1000}){0,1000}".repeat(90).substring(6)});
    extremes.add(new String[] {"regex", "(".repeat(60) + "a?" + "){0,1000}".repeat(60)});
    extremes.add(new String[] {"regex", "(((a|b)*)*)*(a|b|ab|ba){500,1000}(a*b*){900}"});
    extremes.add(new String[] {"regex", "\\p{L}".repeat(3000)});
    extremes.add(new String[] {"gbnf", "root ::= " + "(".repeat(5000)});
    extremes.add(new String[] {"gbnf", chain(8_000)});
    extremes.add(
        new String[] {
          "gbnf", "root ::= a a a a\na ::= b b b b\nb ::= c c c c\nc ::= root | \"x\""
        });
    extremes.add(new String[] {"gbnf", "root ::= \"a\" root root | \"\""});
    extremes.add(new String[] {"schema", "[".repeat(100_000)});
    extremes.add(new String[] {"schema", "{\"items\":".repeat(150) + "{}" + "}".repeat(150)});
    extremes.add(new String[] {"schema", "{\"anyOf\":[" + "true,".repeat(50_000) + "true]}"});
    extremes.add(new String[] {"schema", exponential(40)});
    extremes.add(new String[] {"schema", "{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}"});
    extremes.add(
        new String[] {"schema", "{\"minItems\":1000000,\"items\":{\"minLength\":1000000}}"});
    extremes.add(
        new String[] {"schema", "{\"pattern\":\"(a|b)*a(a|b){30}\",\"maxLength\":900000}"});
    extremes.add(new String[] {"schema", "{\"enum\":[" + names(30_000) + "]}"});
    extremes.add(new String[] {"schema", properties(3_000)});
    extremes.add(new String[] {"schema", "{\"multipleOf\":1e-190}"});
    extremes.add(
        new String[] {
          "schema",
          "{\"minProperties\":3,\"maxProperties\":900000,\"properties\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{}}}"
        });
    for (String[] extreme : extremes) {
      attempt(extreme[0], extreme[1]);
    }
    assertEquals(extremes.size(), compiled + refused);
  }

  private static String chain(int rules) {
    StringBuilder grammar = new StringBuilder("root ::= r0\n");
    for (int i = 0; i < rules; i++) {
      grammar.append("r" + i + " ::= \"a\"? r" + (i + 1) + " \"b\"?\n");
    }
    return grammar.append("r" + rules + " ::= \"x\"").toString();
  }

  private static String exponential(int levels) {
    StringBuilder defs = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      String next = "{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"title\":\"x\"}]}".formatted(i + 1);
      defs.append("\"d%d\":{\"properties\":{\"a\":%s,\"b\":%s}},".formatted(i, next, next));
    }
    return "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + defs + "\"d" + levels + "\":{}}}";
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"name" + i * 7919L + "\"")
        .collect(Collectors.joining(","));
  }

  private static String properties(int count) {
    StringBuilder properties = new StringBuilder();
    for (int i = 0; i < count; i++) {
      properties.append(i == 0 ? "" : ",").append("\"p" + i + "\":{\"type\":\"integer\"}");
    }
    return "{\"properties\":{" + properties + "},\"additionalProperties\":{\"type\":\"null\"}}";
  }
}
