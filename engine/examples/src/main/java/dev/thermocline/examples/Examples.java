package dev.thermocline.examples;

/** What the examples share: the model that they are given, or the one in the library. */
final class Examples {
  private Examples() {}

  static String model(String[] args) {
    return args.length == 0 ? "default" : args[0];
  }
}
