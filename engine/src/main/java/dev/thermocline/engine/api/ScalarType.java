package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonArray;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonBoolean;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonNumber;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Types without parts. */
sealed interface ScalarType extends JsonType {
  /** Of floats and doubles: the grammar writes no larger ones where a bound is asked for. */
  double LARGEST_FLOAT = 1e15;

  /** Strings. */
  record Text() implements ScalarType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      Map<String, JsonValue> keywords = JsonType.keywords("string");
      if (property == null) {
        return keywords;
      }
      if (property.minLength() > 0) {
        keywords.put("minLength", JsonType.number(property.minLength()));
      }
      if (property.maxLength() < Integer.MAX_VALUE) {
        keywords.put("maxLength", JsonType.number(property.maxLength()));
      }
      if (!property.pattern().isEmpty()) {
        keywords.put("pattern", new JsonString(property.pattern()));
      }
      return keywords;
    }

    @Override
    public Object read(String place, JsonValue value) {
      if (value instanceof JsonString text) {
        return text.value();
      }
      throw JsonType.wrong(place, "a string", value);
    }
  }

  /** Truth values. */
  record Truth() implements ScalarType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      return JsonType.keywords("boolean");
    }

    @Override
    public Object read(String place, JsonValue value) {
      if (value instanceof JsonBoolean bool) {
        return bool.value();
      }
      throw JsonType.wrong(place, "true or false", value);
    }
  }

  /**
   * Numbers.
   *
   * @param whole whether they have no fraction
   * @param least smallest one, {@code -Infinity} for what the grammar writes by itself
   * @param most largest one
   * @param convert to the Java type
   */
  record Numeric(boolean whole, double least, double most, Function<BigDecimal, Object> convert)
      implements ScalarType {
    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      Map<String, JsonValue> keywords = JsonType.keywords(whole ? "integer" : "number");
      double low = property == null ? least : Math.max(least, property.minimum());
      double high = property == null ? most : Math.min(most, property.maximum());
      if (low > Double.NEGATIVE_INFINITY) {
        keywords.put("minimum", JsonType.number(low));
      }
      if (high < Double.POSITIVE_INFINITY) {
        keywords.put("maximum", JsonType.number(high));
      }
      return keywords;
    }

    @Override
    public Object read(String place, JsonValue value) {
      if (value instanceof JsonNumber number) {
        try {
          return convert.apply(number.value());
        } catch (ArithmeticException e) {
          throw new IllegalArgumentException(
              place + ": expected a number of its type, found " + value.write(), e);
        }
      }
      throw JsonType.wrong(place, "a number", value);
    }
  }

  /**
   * Constants by name.
   *
   * @param constants all of them
   */
  record Choice(List<Enum<?>> constants) implements ScalarType {
    public Choice {
      constants = List.copyOf(constants);
    }

    @Override
    public Map<String, JsonValue> schema(@Nullable Property property) {
      List<JsonValue> names = new ArrayList<>();
      constants.forEach(constant -> names.add(new JsonString(constant.name())));
      Map<String, JsonValue> keywords = JsonType.keywords("string");
      keywords.put("enum", new JsonArray(names));
      return keywords;
    }

    @Override
    public Object read(String place, JsonValue value) {
      for (Enum<?> constant : constants) {
        if (value.equals(new JsonString(constant.name()))) {
          return constant;
        }
      }
      throw JsonType.wrong(place, "one of " + constants, value);
    }
  }
}
