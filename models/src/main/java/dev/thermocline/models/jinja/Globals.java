package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that every template finds. */
final class Globals {
  private static final int MAX_RANGE = 100_000;

  private Globals() {}

  static @Nullable Object find(String name) {
    return switch (name) {
      case "range" -> (Callable) Globals::range;
      case "dict" -> (Callable) Globals::dictionary;
      case "namespace" -> (Callable) Globals::namespace;
      case "joiner" -> (Callable) Globals::joiner;
      case "cycler" -> (Callable) Globals::cycler;
      case "raise_exception" -> (Callable) Globals::raise;
      case "strftime_now" ->
          (Callable)
              (arguments, frame) ->
                  Text.of(Strftime.format(arguments.text(0, "format").toString(), frame.now()));
      default -> null;
    };
  }

  private static Object range(Arguments arguments, Frame frame) {
    long first = Numbers.index(arguments.get(0, "start"));
    boolean one = arguments.positional().size() < 2;
    long start = one ? 0 : first;
    long stop = one ? first : Numbers.index(arguments.get(1, "stop"));
    long step = Numbers.index(arguments.get(2, "step", 1L));
    if (step == 0) {
      throw TemplateException.runtime("range() arg 3 must not be zero");
    }
    List<Object> items = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      if (items.size() >= MAX_RANGE) {
        throw TemplateException.runtime(
            "Range too big. The sandbox blocks ranges larger than " + MAX_RANGE);
      }
      items.add(i);
    }
    frame.budget().charge(items.size());
    return new ListValue(items, ListValue.Kind.RANGE);
  }

  private static Object dictionary(Arguments arguments, Frame frame) {
    DictValue result = new DictValue();
    for (Object source : arguments.positional()) {
      if (source instanceof DictValue other) {
        other.entries().forEach(e -> result.put(e.getKey(), e.getValue()));
      } else {
        for (Object item : Values.iterate(source)) {
          List<Object> pair = Values.iterate(item);
          if (pair.size() != 2) {
            throw TemplateException.runtime("expected pairs of keys and values");
          }
          result.put(pair.get(0), pair.get(1));
        }
      }
    }
    arguments.named().entries().forEach(e -> result.put(e.getKey(), e.getValue()));
    return result;
  }

  private static Object namespace(Arguments arguments, Frame frame) {
    Namespace namespace = new Namespace();
    ((DictValue) dictionary(arguments, frame))
        .entries()
        .forEach(e -> namespace.set(Values.text(e.getKey()).toString(), e.getValue()));
    return namespace;
  }

  /** A function that gives nothing the first time and the separator from then on. */
  private static Object joiner(Arguments arguments, Frame frame) {
    Text separator = arguments.text(0, "sep", ", ");
    boolean[] used = new boolean[1];
    return (Callable)
        (none, where) -> {
          Text result = used[0] ? separator : Text.EMPTY;
          used[0] = true;
          return result;
        };
  }

  private static Object cycler(Arguments arguments, Frame frame) {
    List<Object> items = arguments.positional();
    if (items.isEmpty()) {
      throw TemplateException.runtime("expected at least one item to cycle through");
    }
    int[] at = new int[1];
    Namespace cycler = new Namespace();
    cycler.set("current", items.getFirst());
    cycler.set(
        "next",
        (Callable)
            (none, where) -> {
              Object result = items.get(at[0] % items.size());
              at[0] = (at[0] + 1) % items.size();
              cycler.set("current", items.get(at[0]));
              return result;
            });
    cycler.set(
        "reset",
        (Callable)
            (none, where) -> {
              at[0] = 0;
              cycler.set("current", items.getFirst());
              return None.NONE;
            });
    return cycler;
  }

  private static Object raise(Arguments arguments, Frame frame) {
    throw new TemplateException(
        TemplateException.Kind.REFUSED,
        frame.line(),
        Values.text(arguments.get(0, "message")).toString());
  }
}
