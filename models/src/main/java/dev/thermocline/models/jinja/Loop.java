package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running {@code for}; templates see it as {@code loop}. */
final class Loop implements Callable {
  private final Statement.For node;
  private final Frame frame;
  private final List<Object> items;
  private final int depth;
  private int index;
  private @Nullable Object lastChecked;

  private Loop(Statement.For node, Frame frame, List<Object> items, int depth) {
    this.node = node;
    this.frame = frame;
    this.items = items;
    this.depth = depth;
  }

  static void run(Statement.For node, Frame frame, Object values, int depth) {
    List<Object> items = items(node, frame, values);
    if (items.isEmpty()) {
      frame.inner().run(node.otherwise());
      return;
    }
    Loop loop = new Loop(node, frame, items, depth);
    Statement.Flow flow = Statement.Flow.ON;
    for (; loop.index < items.size() && flow != Statement.Flow.BREAK; loop.index++) {
      Frame inner = frame.inner();
      inner.set("loop", loop);
      node.target().assign(inner, items.get(loop.index));
      flow = inner.run(node.body());
    }
  }

  private static List<Object> items(Statement.For node, Frame frame, Object values) {
    List<Object> all = Values.iterate(values);
    frame.budget().charge(all.size());
    if (node.test() == null) {
      return all;
    }
    List<Object> kept = new ArrayList<>();
    for (Object item : all) {
      Frame inner = frame.inner();
      node.target().assign(inner, item);
      if (Values.truth(inner.eval(node.test()))) {
        kept.add(item);
      }
    }
    return kept;
  }

  /** {@code loop(values)}: the same loop over other values, in a {@code recursive} one. */
  @Override
  public Object call(Arguments arguments, Frame caller) {
    if (!node.recursive()) {
      throw TemplateException.runtime("expected 'recursive' in the loop that is called");
    }
    Frame inner = frame.capturing();
    run(node, inner, arguments.get(0, "iterable"), depth + 1);
    return inner.written();
  }

  /** An attribute, or null where there is none of that name. */
  @Nullable Object get(String name) {
    int size = items.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) size - index;
      case "revindex0" -> (long) size - index - 1;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> (long) size;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> neighbour(index - 1);
      case "nextitem" -> neighbour(index + 1);
      case "cycle" -> (Callable) (arguments, frame) -> cycle(arguments.positional());
      case "changed" -> (Callable) (arguments, frame) -> changed(arguments.positional());
      default -> null;
    };
  }

  private Object neighbour(int i) {
    return i >= 0 && i < items.size()
        ? items.get(i)
        : new Undefined("there is no " + (i < 0 ? "previous" : "next") + " item");
  }

  private Object cycle(List<Object> values) {
    if (values.isEmpty()) {
      throw TemplateException.runtime("expected items to cycle through");
    }
    return values.get(index % values.size());
  }

  private boolean changed(List<Object> values) {
    Object now = ListValue.tuple(values);
    boolean same = lastChecked != null && Values.equal(lastChecked, now);
    lastChecked = now;
    return !same;
  }
}
