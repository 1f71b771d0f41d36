package dev.thermocline.engine.constrain;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes random schemas of what the compiler says it enforces, recursion included. */
final class RandomSchema {
  private static final List<String> NAMES =
      List.of("id", "name", "a", "ab", "a\\\"b", "tag", "value", "\u00e9t\u00e9", "x y", "count");
  private static final List<String> FORMATS =
      List.of(
          "date",
          "time",
          "date-time",
          "uuid",
          "email",
          "hostname",
          "ipv4",
          "ipv6",
          "uri",
          "duration");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]{2,5}$",
          "^[A-Z][a-z]*( [A-Z][a-z]*)?$",
          "\\\\d{3}",
          "^(yes|no|maybe)$",
          "^\\\\S+$",
          "^[^\\\"x]{0,3}\\\\\\\\?$",
          "a|b",
          "^\\\\+?[0-9]{3}-[0-9]{4}$");

  private final SplittableRandom random;
  private boolean recursive;

  private RandomSchema(SplittableRandom random) {
    this.random = random;
  }

  static String of(SplittableRandom random) {
    RandomSchema made = new RandomSchema(random);
    String root = made.schema(3);
    if (!made.recursive) {
      return root;
    }
    return "{\"$ref\":\"#/$defs/root\",\"$defs\":{\"root\":%s,\"node\":%s}}"
        .formatted(root, node());
  }

  private static String node() {
    return "{\"type\":\"object\",\"properties\":{\"label\":{\"type\":\"string\",\"maxLength\":4},"
        + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"},\"maxItems\":2}},"
        + "\"required\":[\"label\"],\"additionalProperties\":false}";
  }

  private String schema(int depth) {
    int kind = random.nextInt(depth == 0 ? 9 : 18);
    return switch (kind) {
      case 0, 1 -> string();
      case 2, 3 -> number("integer");
      case 4 -> number("number");
      case 5 -> "{\"type\":\"boolean\"}";
      case 6 -> values();
      case 7 ->
          "{\"const\":%s}".formatted(pick(List.of("null", "3", "\"c\\u00e9\"", "[1,{\"k\":2}]")));
      case 8 -> types();
      case 9, 10, 11 -> object(depth);
      case 12, 13 -> array(depth);
      case 14 -> "{\"anyOf\":[%s,%s]}".formatted(schema(depth - 1), schema(depth - 1));
      case 15 -> oneOf(depth);
      case 16 -> allOf(depth);
      default -> {
        recursive = true;
        yield "{\"$ref\":\"#/$defs/node\",\"description\":\"a tree\"}";
      }
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String string() {
    int min = random.nextInt(4);
    return switch (random.nextInt(6)) {
      case 0 -> "{\"type\":\"string\"}";
      case 1 ->
          "{\"type\":\"string\",\"minLength\":%d,\"maxLength\":%d}"
              .formatted(min, min + random.nextInt(30));
      case 2 -> "{\"type\":\"string\",\"pattern\":\"%s\"}".formatted(pick(PATTERNS));
      case 3 -> "{\"type\":\"string\",\"pattern\":\"^[a-c]+b\",\"minLength\":3,\"maxLength\":9}";
      case 4 -> "{\"type\":\"string\",\"maxLength\":%d}".formatted(random.nextInt(6));
      default -> "{\"type\":\"string\",\"format\":\"%s\"}".formatted(pick(FORMATS));
    };
  }

  private String number(String type) {
    StringBuilder out = new StringBuilder("{\"type\":\"" + type + "\"");
    boolean whole = type.equals("integer");
    double low = (random.nextDouble() - 0.6) * pick(List.of(1.0, 30.0, 5000.0));
    double high = low + random.nextDouble() * pick(List.of(3.0, 100.0, 20000.0)) + 2;
    String format = whole ? "%.0f" : "%." + random.nextInt(4) + "f";
    if (random.nextInt(3) > 0) {
      String name = random.nextBoolean() ? "minimum" : "exclusiveMinimum";
      out.append(",\"%s\":%s".formatted(name, String.format(java.util.Locale.ROOT, format, low)));
    }
    if (random.nextInt(3) > 0) {
      String name = random.nextBoolean() ? "maximum" : "exclusiveMaximum";
      out.append(",\"%s\":%s".formatted(name, String.format(java.util.Locale.ROOT, format, high)));
    }
    if (random.nextInt(4) == 0) {
      out.append(",\"multipleOf\":")
          .append(whole ? pick(List.of("1", "2")) : pick(List.of("0.5", "0.25", "1")));
    }
    return out.append('}').toString();
  }

  private String values() {
    return pick(
        List.of(
            "{\"enum\":[\"red\",\"green\",\"blue\"]}",
            "{\"type\":\"string\",\"enum\":[\"r\",\"rr\",\"rrr\",\"\"]}",
            "{\"enum\":[1,2.5,\"x\",null,true,[],{\"a\":[1]}]}",
            "{\"type\":\"integer\",\"enum\":[1,2,\"3\"],\"minimum\":2}"));
  }

  private String types() {
    return pick(
        List.of(
            "{\"type\":[\"string\",\"null\"]}",
            "{\"type\":[\"integer\",\"boolean\"],\"maximum\":3}",
            "true",
            "{}",
            "{\"maxLength\":3}",
            "{\"type\":\"null\"}"));
  }

  private String object(int depth) {
    List<String> names = new ArrayList<>(NAMES);
    List<String> properties = new ArrayList<>();
    List<String> required = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = names.remove(random.nextInt(names.size()));
      properties.add("\"%s\":%s".formatted(name, schema(depth - 1)));
      if (random.nextBoolean()) {
        required.add("\"" + name + "\"");
      }
    }
    String rest =
        switch (random.nextInt(6)) {
          case 0 -> ",\"additionalProperties\":true";
          case 1 -> ",\"additionalProperties\":" + schema(0);
          case 2 -> "";
          case 3 ->
              ",\"patternProperties\":{\"^n_\":%s,\"^[0-9]\":%s}".formatted(schema(0), schema(0));
          case 4 ->
              ",\"minProperties\":%d,\"maxProperties\":%d"
                  .formatted(
                      Math.min(properties.size(), 1 + random.nextInt(2)),
                      Math.max(2, required.size()));
          default -> ",\"additionalProperties\":false";
        };
    return "{\"type\":\"object\",\"properties\":{%s},\"required\":[%s]%s}"
        .formatted(String.join(",", properties), String.join(",", required), rest);
  }

  private String array(int depth) {
    int min = random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> "{\"type\":\"array\",\"items\":%s}".formatted(schema(depth - 1));
      case 1 ->
          "{\"type\":\"array\",\"items\":%s,\"minItems\":%d,\"maxItems\":%d}"
              .formatted(schema(depth - 1), min, min + random.nextInt(3));
      case 2 ->
          "{\"type\":\"array\",\"prefixItems\":[%s,%s],\"items\":%s}"
              .formatted(
                  schema(depth - 1), schema(0), pick(List.of("false", "{\"type\":\"boolean\"}")));
      default -> "{\"type\":\"array\",\"maxItems\":%d}".formatted(min);
    };
  }

  private String oneOf(int depth) {
    return ("{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"a\"},\"v\":%s},"
            + "\"required\":[\"kind\",\"v\"]},{\"type\":\"object\",\"properties\":{\"kind\":"
            + "{\"enum\":[\"b\",\"c\"]}},\"required\":[\"kind\"]},{\"type\":\"integer\"}]}")
        .formatted(schema(depth - 1));
  }

  private String allOf(int depth) {
    return ("{\"allOf\":[{\"type\":\"object\",\"properties\":{\"p\":%s,\"q\":{\"type\":\"integer\"}},"
            + "\"required\":[\"p\"]},{\"properties\":{\"q\":{\"minimum\":5}},\"required\":[\"q\"]}],"
            + "\"title\":\"both\"}")
        .formatted(schema(depth - 1));
  }
}
