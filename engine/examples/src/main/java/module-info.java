/** Small programs that embed the engine. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.examples {
  requires dev.thermocline.engine;

  exports dev.thermocline.examples;

  // Records are made by the engine.
  opens dev.thermocline.examples to
      dev.thermocline.engine;
}
