package dev.thermocline.engine.constrain.schema;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * String formats as regular expressions, each allowing a part of what its standard does, short
 * enough for the lengths that standards set.
 */
final class Formats {
  private static final String HOUR_MINUTE = "([01][0-9]|2[0-3]):[0-5][0-9]";
  private static final String DATE =
      "([12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
          + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
          + "|[12][0-9](0[48]|[2468][048]|[13579][26])-02-29)";
  private static final String TIME =
      HOUR_MINUTE + ":[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]" + HOUR_MINUTE + ")";
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String LABEL = "[a-z]([a-z0-9]{0,20}[a-z0-9])?";
  private static final String HOST = LABEL + "(\\." + LABEL + "){0,3}";

  private static final Map<String, String> REGULAR =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry(
              "duration",
              "P([1-9][0-9]{0,3}Y([1-9][0-9]?M([1-9][0-9]?D)?)?|[1-9][0-9]?M([1-9][0-9]?D)?"
                  + "|[1-9][0-9]?D|[1-9][0-9]?W|T[1-9][0-9]?H([1-9][0-9]?M([1-9][0-9]?S)?)?)"),
          Map.entry("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
          Map.entry(
              "email",
              "[a-z0-9]{1,20}([._+-][a-z0-9]{1,10}){0,3}@"
                  + LABEL
                  + "(\\."
                  + LABEL
                  + "){0,2}\\.com"),
          Map.entry("hostname", HOST),
          Map.entry("ipv4", "(" + BYTE + "\\.){3}" + BYTE),
          Map.entry("ipv6", "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"),
          Map.entry(
              "uri", "https?://" + HOST + "(/[a-zA-Z0-9._~-]{0,40}){0,8}(\\?[a-z0-9=&_-]{1,60})?"));

  /** Name a format of numbers that says no more than their type does. */
  private static final Set<String> OF_NUMBERS = Set.of("int64", "float", "double");

  private Formats() {}

  static Optional<String> pattern(String name) {
    return Optional.ofNullable(REGULAR.get(name));
  }

  static boolean isOfNumbers(String name) {
    return OF_NUMBERS.contains(name);
  }

  static Set<String> names() {
    return REGULAR.keySet();
  }
}
