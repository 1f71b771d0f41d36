package dev.thermocline.models.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A macro with the scope that it was defined in. */
record Macro(Statement.MacroNode node, Frame scope) implements Callable {
  @Override
  public Object call(Arguments arguments, Frame caller) {
    Frame frame = scope.capturing();
    List<String> parameters = node.parameters();
    int optional = parameters.size() - node.defaults().size();
    for (int i = 0; i < parameters.size(); i++) {
      Object value = arguments.find(i, parameters.get(i));
      if (value == null) {
        value =
            i < optional
                ? new Undefined("parameter '" + parameters.get(i) + "' was not provided")
                : frame.eval(node.defaults().get(i - optional));
      }
      frame.set(parameters.get(i), value);
    }
    bindRest(arguments, frame);
    int line = frame.line();
    frame.run(node.body());
    frame.at(line);
    return frame.written();
  }

  private void bindRest(Arguments arguments, Frame frame) {
    List<Object> rest = arguments.skip(node.parameters().size()).positional();
    DictValue others = new DictValue();
    @Nullable Object caller = null;
    for (var entry : arguments.named().entries()) {
      if (entry.getKey().toString().equals("caller")) {
        caller = entry.getValue();
      } else if (!node.parameters().contains(entry.getKey().toString())) {
        others.put(entry.getKey(), entry.getValue());
      }
    }
    check("varargs", rest.isEmpty(), "more than " + node.parameters().size() + " arguments");
    check("kwargs", others.size() == 0, "an argument " + others.keys());
    frame.set("varargs", ListValue.tuple(rest));
    frame.set("kwargs", others);
    if (!node.parameters().contains("caller")) {
      frame.set("caller", caller == null ? new Undefined("no caller defined") : caller);
    }
  }

  private void check(String collector, boolean none, String what) {
    if (!none && !node.names().contains(collector)) {
      throw TemplateException.runtime("macro '" + node.name() + "' takes not " + what);
    }
  }
}
