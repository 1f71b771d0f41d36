package dev.thermocline.engine;

/** Which neurons may be left out. */
public enum SparseMode {
  /** None: every matrix as the file holds it. */
  OFF,
  /** Those that are exactly zero, which only ReLU-family models have. */
  EXACT,
  /** As an overlay or the file's own predictors allow; exact without them. */
  AUTO
}
