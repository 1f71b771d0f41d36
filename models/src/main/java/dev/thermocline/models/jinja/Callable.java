package dev.thermocline.models.jinja;

/** A value that can be called: function, method, macro. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments, Frame frame);
}
