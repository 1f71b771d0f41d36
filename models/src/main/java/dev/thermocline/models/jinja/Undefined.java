package dev.thermocline.models.jinja;

/**
 * A name, attribute or item that is not there: prints as nothing, is false and empty, and anything
 * else that is done with it fails.
 *
 * @param why what to say then
 */
record Undefined(String why) {
  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined member(Object of, Object name) {
    String what =
        of == None.NONE || of instanceof Undefined
            ? Values.repr(of).toString()
            : "'" + Values.typeName(of) + " object'";
    return new Undefined(
        what
            + (name instanceof Text ? " has no attribute " : " has no element ")
            + Values.repr(name));
  }

  static Undefined unsafe(Object of, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + Values.typeName(of) + "' object is unsafe");
  }

  TemplateException fail() {
    return TemplateException.runtime(why);
  }
}
