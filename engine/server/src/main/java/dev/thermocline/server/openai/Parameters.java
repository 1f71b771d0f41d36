package dev.thermocline.server.openai;

import dev.thermocline.server.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the parameters of a request by name and type. A parameter that is absent or null is not
 * given; one of a wrong type or out of its range is refused with its name; unknown ones are
 * ignored.
 */
final class Parameters {
  private final ObjectNode object;
  private final String prefix;

  Parameters(ObjectNode object) {
    this(object, "");
  }

  private Parameters(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /** The full name of a parameter, such as {@code response_format.type}. */
  String path(String name) {
    return prefix + name;
  }

  /** The parameter as it is, or null if it is not given. */
  @Nullable JsonNode node(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  ApiException wrong(String name, String expected) {
    return wrong(path(name), expected, object.get(name));
  }

  static ApiException wrong(String path, String expected, @Nullable JsonNode found) {
    return ApiException.invalid(path, path + ": expected " + expected + ", got " + shown(found));
  }

  /** A value as an error message shows it. */
  static String shown(@Nullable JsonNode node) {
    if (node == null || node.isMissingNode()) {
      return "nothing";
    }
    if (node.isContainer()) {
      return node.isArray() ? "an array of " + node.size() : "an object";
    }
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  Optional<String> string(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw wrong(name, "a string");
    }
    return Optional.of(value.stringValue());
  }

  /** A string of a few that are known. */
  Optional<String> choice(String name, String... known) {
    Optional<String> value = string(name);
    if (value.isPresent() && !List.of(known).contains(value.get())) {
      throw wrong(name, "one of " + String.join(", ", known));
    }
    return value;
  }

  boolean flag(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value.booleanValue();
  }

  OptionalDouble number(String name, double least, double most) {
    JsonNode value = node(name);
    if (value == null) {
      return OptionalDouble.empty();
    }
    double number = value.isNumber() ? value.asDouble() : Double.NaN;
    if (!(number >= least && number <= most)) {
      throw wrong(name, "a number from " + plain(least) + " to " + plain(most));
    }
    return OptionalDouble.of(number);
  }

  private static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  OptionalLong integer(String name, long least, long most) {
    JsonNode value = node(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(integer(path(name), value, least, most));
  }

  /** A whole number, which may be written as 4.0. */
  static long integer(String path, JsonNode value, long least, long most) {
    String expected =
        most == Long.MAX_VALUE
            ? least == Long.MIN_VALUE ? "an integer" : "an integer of at least " + least
            : "an integer from " + least + " to " + most;
    if (!value.isNumber() || !isWhole(value)) {
      throw wrong(path, expected, value);
    }
    long number = value.asLong();
    if (number < least || number > most) {
      throw wrong(path, expected, value);
    }
    return number;
  }

  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber()
        ? value.canConvertToLong()
        : value.asDouble() == Math.rint(value.asDouble()) && Math.abs(value.asDouble()) < 1L << 53;
  }

  /** Parameters inside an object. */
  Optional<Parameters> inner(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(of(path(name), value));
  }

  /** Reads an object found at {@code path}. */
  static Parameters of(String path, JsonNode value) {
    if (!(value instanceof ObjectNode inner)) {
      throw wrong(path, "an object", value);
    }
    return new Parameters(inner, path + ".");
  }

  /** The elements of an array, with their paths; empty if it is not given. */
  List<Element> elements(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(name, "an array");
    }
    List<Element> all = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      all.add(new Element(path(name) + "[" + i + "]", value.get(i)));
    }
    return all;
  }

  /** An element of an array and where it is. */
  record Element(String path, JsonNode value) {
    Parameters object() {
      return of(path, value);
    }
  }

  /** The object that is read. */
  ObjectNode object() {
    return object;
  }
}
