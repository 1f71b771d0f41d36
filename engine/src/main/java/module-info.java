/** The hybrid runtime and its embeddable API. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.engine {
  requires static transitive org.jspecify;
  requires transitive dev.thermocline.kernels;
  requires transitive dev.thermocline.models;
  requires transitive dev.thermocline.predictor;
  requires jdk.management;
  requires org.agrona;
  requires tools.jackson.core;

  exports dev.thermocline.engine;
  exports dev.thermocline.engine.api;
  exports dev.thermocline.engine.calibrate;
  exports dev.thermocline.engine.constrain;
  exports dev.thermocline.engine.hybrid;
  exports dev.thermocline.engine.overlay;
  exports dev.thermocline.engine.run;
  exports dev.thermocline.engine.select;
  exports dev.thermocline.engine.synthetic;
  exports dev.thermocline.engine.text;
  exports dev.thermocline.engine.tools;
}
