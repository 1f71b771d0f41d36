package dev.thermocline.server;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Bodies that are nearly requests: mutated JSON, wrong types, huge values, deep nesting. */
final class MalformedBodies {
  private static final String[] WHOLE = {
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Once"
        + " upon\"}],\"max_tokens\":3,\"temperature\":0.5,"
        + "\"stop\":[\"x\"],\"seed\":4,\"logit_bias\":{\"5\":1},\"stream\":false,\"n\":1}",
    "{\"prompt\":\"Once upon a time\",\"max_tokens\":3,\"top_p\":0.9,\"top_k\":5,\"logprobs\":2}",
    "{\"input\":[\"Once\",\"upon\"],\"encoding_format\":\"base64\"}",
    "{\"content\":\"Once upon\",\"add_special\":true,\"with_pieces\":true}",
    "{\"tokens\":[5,6,7]}",
    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}],\"max_tokens\":2,"
        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\","
        + "\"properties\":{\"a\":{\"type\":\"string\"}}}}}],\"tool_choice\":\"auto\"}",
    "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":2,\"response_format\":{\"type\":"
        + "\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"type\":\"object\",\"properties\":"
        + "{\"a\":{\"type\":\"string\",\"pattern\":\"^[a-z]{1,9}$\"}},\"required\":[\"a\"]}}}}",
  };

  private static final String[] VALUES = {
    "null",
    "true",
    "-1",
    "1e999",
    "-1e999",
    "99999999999999999999999",
    "0.0000001",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{\"a\":{}}",
    "NaN",
    "'x'",
    "1.5",
    "2147483648",
    "-9223372036854775809",
    "\"auto\"",
    "\"default\"",
    "[\"\"]",
    "{\"\":\"\"}",
    "{\"type\":\"json_schema\"}",
    "{\"$ref\":\"#\"}",
    "\"(a*)*b\"",
    "{\"type\":\"function\"}",
  };

  private final SplittableRandom random;

  MalformedBodies(long seed) {
    this.random = new SplittableRandom(seed);
  }

  byte[] next() {
    String whole = WHOLE[random.nextInt(WHOLE.length)];
    return switch (random.nextInt(8)) {
      case 0 -> bytes(whole.substring(0, random.nextInt(whole.length())));
      case 1 -> flipped(whole);
      case 2, 3, 4 -> bytes(withOtherValue(whole));
      case 5 -> bytes(deep(whole));
      case 6 -> bytes(huge(whole));
      default -> bytes(hostile());
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Some bytes are others, mostly no UTF-8. */
  private byte[] flipped(String whole) {
    byte[] bytes = bytes(whole);
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  /** One value is another, of any type. */
  private String withOtherValue(String whole) {
    int colon = whole.indexOf(':', random.nextInt(whole.length()));
    if (colon < 0) {
      return whole;
    }
    int end = colon + 1;
    int depth = 0;
    while (end < whole.length() && (depth > 0 || ",}]".indexOf(whole.charAt(end)) < 0)) {
      depth += "{[".indexOf(whole.charAt(end)) >= 0 ? 1 : 0;
      depth -= "}]".indexOf(whole.charAt(end)) >= 0 ? 1 : 0;
      end++;
    }
    return whole.substring(0, colon + 1)
        + VALUES[random.nextInt(VALUES.length)]
        + whole.substring(end);
  }

  private String deep(String whole) {
    int depth = 1 + random.nextInt(5000);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String nested = open.repeat(depth) + "1" + (open.equals("[") ? "]" : "}").repeat(depth);
    return whole.replaceFirst("\"(Once upon|x|Once)[^\"]*\"", nested);
  }

  private String huge(String whole) {
    String text = "ab ".repeat(random.nextInt(100_000));
    String value =
        switch (random.nextInt(4)) {
          case 0 -> '"' + text + '"';
          case 1 -> "9".repeat(1 + random.nextInt(5000));
          case 2 -> "[" + "1,".repeat(random.nextInt(50_000)) + "1]";
          default -> "[" + "\"x\",".repeat(random.nextInt(5_000)) + "\"x\"]";
        };
    return whole.replaceFirst("\"(Once upon|x|Once)[^\"]*\"", value);
  }

  /** Patterns, grammars and schemas that ask for too much. */
  private String hostile() {
    String start =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":2,\"temperature\":1,";
    String schema =
        switch (random.nextInt(8)) {
          case 0 ->
              "{\"type\":\"string\",\"pattern\":\"((((a{1,1000}){1,1000}){1,1000}){1,1000})\"}";
          case 1 -> "{\"$ref\":\"#\"}";
          case 2 -> "{\"type\":\"array\",\"minItems\":1000000000}";
          case 3 -> "{\"type\":\"string\",\"minLength\":1000000000,\"maxLength\":-1}";
          case 4 -> "{\"anyOf\":" + nested("{\"anyOf\":[", "{}", "]}", 150) + "}";
          case 5 -> "{\"$ref\":\"http://example.com/x\"}";
          case 6 -> "{\"type\":\"integer\",\"minimum\":1e300,\"maximum\":-1e300}";
          default -> "{\"properties\":" + wide() + "}";
        };
    return switch (random.nextInt(4)) {
      case 0 -> start + "\"grammar\":\"root ::= root root | \\\"a\\\"\"}";
      case 1 -> start + "\"grammar\":\"root ::= (((\\\"a\\\"*)*)*)* x\"}";
      default ->
          start
              + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":"
              + schema
              + "}}}";
    };
  }

  private static String nested(String open, String inner, String close, int depth) {
    return "[" + open.repeat(depth) + inner + close.repeat(depth) + "]";
  }

  private String wide() {
    StringBuilder all = new StringBuilder("{");
    int count = random.nextInt(2000);
    for (int i = 0; i < count; i++) {
      all.append("\"p").append(i).append("\":{\"type\":\"number\"},");
    }
    return all.append("\"z\":{}}").toString();
  }
}
