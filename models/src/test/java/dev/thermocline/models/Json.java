package dev.thermocline.models;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON that is known to be well-formed: maps, lists, strings, doubles, booleans, nulls. */
final class Json {
  private final String text;
  private final boolean keepIntegers;
  private int at;

  private Json(String text, boolean keepIntegers) {
    this.text = text;
    this.keepIntegers = keepIntegers;
  }

  static Map<String, Object> read(Path file) throws java.io.IOException {
    return read(file, false);
  }

  /**
   * Reads a file.
   *
   * @param keepIntegers whether numbers written as integers become longs
   */
  @SuppressWarnings("unchecked")
  static Map<String, Object> read(Path file, boolean keepIntegers) throws java.io.IOException {
    Json json = new Json(Files.readString(file), keepIntegers);
    return (Map<String, Object>) java.util.Objects.requireNonNull(json.value());
  }

  static int[] ints(Object list) {
    return ((List<?>) list).stream().mapToInt(x -> ((Number) x).intValue()).toArray();
  }

  private @Nullable Object value() {
    char c = peek();
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    while (!take('}')) {
      peek();
      String key = string();
      take(':');
      map.put(key, value());
      take(',');
    }
    return map;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    while (!take(']')) {
      list.add(value());
      take(',');
    }
    return list;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      out.append(text.charAt(at) == '\\' ? escape() : text.charAt(at));
    }
    at++;
    return out.toString();
  }

  private char escape() {
    char c = text.charAt(++at);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
    }
    int i = "bfnrt".indexOf(c);
    return i < 0 ? c : "\b\f\n\r\t".charAt(i);
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    at += word.length();
    return value;
  }

  private Number number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    return keepIntegers && number.matches("-?\\d+")
        ? (Number) Long.valueOf(number)
        : (Number) Double.valueOf(number);
  }
}
