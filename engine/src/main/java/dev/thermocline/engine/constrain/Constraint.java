package dev.thermocline.engine.constrain;

/**
 * What a text must look like, compiled for one vocabulary. Immutable to its users and safe for use
 * by several threads: any number of requests share one.
 */
public interface Constraint {

  /** A cursor at the start of a text. */
  TokenConstraint start();
}
