/** Which neurons matter: profiles, selectors and their training, placement, the overlay file. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.predictor {
  requires static transitive org.jspecify;
  requires transitive dev.thermocline.kernels;

  exports dev.thermocline.predictor;
  exports dev.thermocline.predictor.calibrate;
  exports dev.thermocline.predictor.overlay;
  exports dev.thermocline.predictor.placement;
  exports dev.thermocline.predictor.profile;
  exports dev.thermocline.predictor.training;
}
