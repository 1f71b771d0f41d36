package dev.thermocline.models.jinja;

import java.util.List;

/** What values are assigned to. */
sealed interface Target {
  void assign(Frame frame, Object value);

  /** A variable. */
  record Variable(String name) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      frame.set(name, value);
    }
  }

  /** An attribute of a {@code namespace}. */
  record NamespaceAttribute(String namespace, String attribute) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      if (!(frame.lookup(namespace) instanceof Namespace space)) {
        throw TemplateException.runtime(
            "cannot assign attribute '" + attribute + "' on what is no namespace");
      }
      space.set(attribute, value);
    }
  }

  /** Several, one for every element of the value. */
  record Unpacking(List<Target> targets) implements Target {
    @Override
    public void assign(Frame frame, Object value) {
      List<Object> items = Values.iterate(value);
      if (items.size() != targets.size()) {
        throw TemplateException.runtime(
            "expected " + targets.size() + " values to unpack, got " + items.size());
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(frame, items.get(i));
      }
    }
  }
}
