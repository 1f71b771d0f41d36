package dev.thermocline.models.jinja;

import java.util.Set;

/** Jinja's filters by name: {@code value|name(arguments)}. */
final class Filters {
  private static final Set<String> NAMES =
      Set.of(
          ("abs attr batch capitalize center count d default dictsort e escape filesizeformat first"
                  + " float forceescape format groupby indent int items join last length list lower"
                  + " map max min pprint reject rejectattr replace reverse round safe select"
                  + " selectattr slice sort string striptags sum title tojson trim truncate unique"
                  + " upper urlencode wordcount")
              .split(" ", -1));

  private Filters() {}

  static boolean exists(String name) {
    return NAMES.contains(name);
  }

  static Object apply(String name, Object value, Arguments arguments, Frame frame) {
    if (!exists(name)) {
      throw TemplateException.runtime("No filter named '" + name + "' found.");
    }
    Budget budget = frame.budget();
    budget.charge(Values.weight(value));
    return switch (name) {
      case "tojson" -> Json.write(value, arguments, budget);
      case "default", "d" -> defaultValue(value, arguments);
      case "length", "count" -> Values.length(value);
      case "attr" -> Members.attributeOnly(value, arguments.text(0, "name").toString());
      case "abs", "round", "int", "float", "filesizeformat" ->
          NumberFilters.apply(name, value, arguments);
      case "upper",
          "lower",
          "capitalize",
          "title",
          "trim",
          "center",
          "replace",
          "indent",
          "string",
          "safe",
          "escape",
          "e",
          "forceescape",
          "striptags",
          "truncate",
          "urlencode",
          "wordcount",
          "format",
          "pprint" ->
          TextFilters.apply(name, value, arguments, budget);
      default -> SequenceFilters.apply(name, value, arguments, frame);
    };
  }

  private static Object defaultValue(Object value, Arguments arguments) {
    boolean missing =
        value instanceof Undefined || arguments.flag(1, "boolean", false) && !Values.truth(value);
    return missing ? arguments.get(0, "default_value", Text.EMPTY) : value;
  }
}
