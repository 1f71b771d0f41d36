package dev.thermocline.engine.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The public and protected signatures of types, a line each, in an order of their own: what those
 * who compile against them depend on.
 */
final class ApiReport {
  private static final String OURS = "dev.thermocline.";

  private final StringBuilder out = new StringBuilder();
  private final TreeMap<String, Class<?>> mentioned = new TreeMap<>();

  /** Writes types down, with those of this project that their signatures name. */
  static String of(Collection<Class<?>> types) {
    ApiReport report = new ApiReport();
    TreeMap<String, Class<?>> own = new TreeMap<>();
    types.forEach(type -> own.put(type.getName(), type));
    own.values().forEach(report::write);
    report.out.append("# named by these\n");
    TreeMap<String, Class<?>> others = new TreeMap<>(report.mentioned);
    others.keySet().removeAll(own.keySet());
    for (Class<?> other : others.values()) {
      report.write(other);
      Arrays.stream(other.getDeclaredClasses())
          .filter(inner -> Modifier.isPublic(inner.getModifiers()))
          .sorted(Comparator.comparing(Class::getName))
          .forEach(report::write);
    }
    return report.out.toString();
  }

  private void write(Class<?> type) {
    String kind =
        type.isAnnotation()
            ? "annotation"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    out.append(modifiers(type.getModifiers() & ~Modifier.INTERFACE & ~Modifier.ABSTRACT))
        .append(type.isSealed() ? "sealed " : "")
        .append(kind)
        .append(' ')
        .append(type.getName())
        .append(variables(type.getTypeParameters()));
    Type parent = type.getGenericSuperclass();
    if (parent != null && parent != Object.class) {
      out.append(" extends ").append(name(parent));
    }
    if (type.getGenericInterfaces().length > 0) {
      out.append(" implements ").append(names(type.getGenericInterfaces()));
    }
    out.append('\n');
    members(type).forEach(line -> out.append("  ").append(line).append('\n'));
  }

  private Set<String> members(Class<?> type) {
    Set<String> lines = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers(), field.isSynthetic())) {
        lines.add(
            modifiers(field.getModifiers()) + name(field.getGenericType()) + " " + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers(), constructor.isSynthetic())) {
        lines.add(signature(constructor, "new"));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers(), method.isSynthetic())) {
        Object value = method.getDefaultValue();
        lines.add(
            signature(method, name(method.getGenericReturnType()) + " " + method.getName())
                + (value == null ? "" : " default " + value));
      }
    }
    if (type.isRecord()) {
      lines.add(
          "("
              + Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getName)
                  .collect(Collectors.joining(", "))
              + ")");
    }
    return lines;
  }

  private String signature(Executable executable, String what) {
    return modifiers(executable.getModifiers() & Modifier.methodModifiers())
        + variables(executable.getTypeParameters())
        + what
        + Arrays.stream(executable.getParameters())
            .map(Parameter::getParameterizedType)
            .map(this::name)
            .collect(Collectors.joining(", ", "(", ")"))
        + (executable.getGenericExceptionTypes().length == 0
            ? ""
            : " throws " + names(executable.getGenericExceptionTypes()));
  }

  private static boolean isVisible(int modifiers, boolean synthetic) {
    return !synthetic && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & ~Modifier.SYNCHRONIZED & ~Modifier.TRANSIENT);
    return text.isEmpty() ? "" : text + " ";
  }

  private String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(v -> v.getName() + " extends " + names(v.getBounds()))
            .collect(Collectors.joining(", ", "<", "> "));
  }

  private String names(Type[] types) {
    return Arrays.stream(types).map(this::name).collect(Collectors.joining(", "));
  }

  private String name(Type type) {
    Class<?> plain = type instanceof Class<?> c ? c : null;
    while (plain != null && plain.isArray()) {
      plain = plain.getComponentType();
    }
    if (plain != null && plain.getName().startsWith(OURS)) {
      mentioned.put(plain.getName(), plain);
    }
    if (type instanceof java.lang.reflect.ParameterizedType generic) {
      name(generic.getRawType());
      names(generic.getActualTypeArguments());
    }
    return type.getTypeName();
  }
}
