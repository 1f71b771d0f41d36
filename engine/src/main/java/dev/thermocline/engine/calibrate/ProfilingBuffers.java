package dev.thermocline.engine.calibrate;

import dev.thermocline.kernels.HostActivations;

/**
 * What the profiling blocks of a model share.
 *
 * @param gate {@code [tokens][n_ff]}
 * @param up {@code [tokens][n_ff]}
 * @param hidden {@code [tokens][n_ff]}
 * @param projected {@code [tokens][n_embd]}
 */
record ProfilingBuffers(
    HostActivations gate, HostActivations up, HostActivations hidden, HostActivations projected) {

  static ProfilingBuffers of(int tokens, int nEmbd, int nFf) {
    return new ProfilingBuffers(
        new HostActivations(tokens, nFf),
        new HostActivations(tokens, nFf),
        new HostActivations(tokens, nFf),
        new HostActivations(tokens, nEmbd));
  }
}
