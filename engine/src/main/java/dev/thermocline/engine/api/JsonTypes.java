package dev.thermocline.engine.api;

import dev.thermocline.engine.constrain.schema.JsonValue;
import dev.thermocline.engine.constrain.schema.JsonValue.JsonObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds how Java types are written as JSON, and remembers the records among them. */
final class JsonTypes {
  private static final Map<Class<?>, JsonType> SCALARS = scalars();

  private final Map<Class<?>, RecordType> records = new LinkedHashMap<>();

  private static Map<Class<?>, JsonType> scalars() {
    Map<Class<?>, JsonType> types = new LinkedHashMap<>();
    types.put(String.class, new ScalarType.Text());
    put(types, boolean.class, Boolean.class, new ScalarType.Truth());
    put(
        types,
        byte.class,
        Byte.class,
        whole(Byte.MIN_VALUE, Byte.MAX_VALUE, BigDecimal::byteValueExact));
    put(
        types,
        short.class,
        Short.class,
        whole(Short.MIN_VALUE, Short.MAX_VALUE, BigDecimal::shortValueExact));
    put(
        types,
        int.class,
        Integer.class,
        whole(Integer.MIN_VALUE, Integer.MAX_VALUE, BigDecimal::intValueExact));
    put(
        types,
        long.class,
        Long.class,
        whole(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, BigDecimal::longValueExact));
    put(
        types,
        float.class,
        Float.class,
        new ScalarType.Numeric(
            false, -ScalarType.LARGEST_FLOAT, ScalarType.LARGEST_FLOAT, BigDecimal::floatValue));
    put(
        types,
        double.class,
        Double.class,
        new ScalarType.Numeric(
            false, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, BigDecimal::doubleValue));
    return types;
  }

  private static JsonType whole(
      double least, double most, java.util.function.Function<BigDecimal, Object> convert) {
    return new ScalarType.Numeric(true, least, most, convert);
  }

  private static void put(
      Map<Class<?>, JsonType> types, Class<?> primitive, Class<?> box, JsonType type) {
    types.put(primitive, type);
    types.put(box, type);
  }

  /** The schema of a record with all that it refers to. */
  JsonValue schema(RecordType root) {
    Map<String, JsonValue> definitions = new LinkedHashMap<>();
    for (RecordType record : records.values()) {
      definitions.put(record.name(), new JsonObject(record.definition()));
    }
    Map<String, JsonValue> keywords = root.schema(null);
    if (records.size() == 1 && !mentions(root)) {
      return new JsonObject(root.definition());
    }
    keywords.put("$defs", new JsonObject(definitions));
    return new JsonObject(keywords);
  }

  private static boolean mentions(RecordType root) {
    String reference = new JsonObject(root.schema(null)).write();
    return new JsonObject(root.definition()).write().contains(reference);
  }

  /** A record and all that it holds. */
  RecordType record(Class<?> type) {
    RecordType known = records.get(type);
    if (known != null) {
      return known;
    }
    RecordType made = new RecordType(name(type), constructor(type));
    records.put(type, made);
    for (RecordComponent component : type.getRecordComponents()) {
      String place = type.getSimpleName() + "." + component.getName();
      made.add(
          new RecordType.Component(
              component.getName(),
              of(place, component.getGenericType()),
              component.getAnnotation(Property.class)));
    }
    return made;
  }

  private String name(Class<?> type) {
    String name = type.getSimpleName();
    int others = 1;
    List<String> taken = records.values().stream().map(RecordType::name).toList();
    while (taken.contains(name)) {
      name = type.getSimpleName() + ++others;
    }
    return name;
  }

  private static Constructor<?> constructor(Class<?> type) {
    Class<?>[] components =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(components);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException | InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          type.getName()
              + ": expected a record in a package that is open to dev.thermocline.engine: "
              + e.getMessage(),
          e);
    }
  }

  private JsonType of(String place, Type type) {
    return switch (type) {
      case ParameterizedType generic -> container(place, generic);
      case Class<?> plain -> plain(place, plain);
      default -> throw unsupported(place, type);
    };
  }

  private JsonType plain(String place, Class<?> type) {
    JsonType scalar = SCALARS.get(type);
    if (scalar != null) {
      return scalar;
    }
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isEnum()) {
      List<Enum<?>> constants = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        constants.add((Enum<?>) constant);
      }
      return new ScalarType.Choice(constants);
    }
    throw unsupported(place, type);
  }

  private JsonType container(String place, ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      return new ContainerType.Items(inside(place, arguments[0]));
    }
    if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return new ContainerType.Members(inside(place, arguments[1]));
    }
    if (type.getRawType() == Optional.class) {
      return new ContainerType.Maybe(inside(place, arguments[0]));
    }
    throw unsupported(place, type);
  }

  /** Only a component of its own may be missing. */
  private JsonType inside(String place, Type type) {
    JsonType inner = of(place, type);
    if (inner.isOptional()) {
      throw unsupported(place, type);
    }
    return inner;
  }

  private static IllegalArgumentException unsupported(String place, @Nullable Type type) {
    return new IllegalArgumentException(
        place
            + ": expected a record, string, enum, boolean, number, List, Map from String or"
            + " Optional of these, got "
            + type);
  }
}
