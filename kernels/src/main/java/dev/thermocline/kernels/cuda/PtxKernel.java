package dev.thermocline.kernels.cuda;

import java.util.List;

/** Name and parameters of one {@code .entry}. */
public record PtxKernel(String name, List<PtxParameter> parameters) {

  public PtxKernel {
    parameters = List.copyOf(parameters);
  }

  /**
   * Checks that a launch with these arguments fits.
   *
   * @throws IllegalArgumentException naming both lists
   */
  void check(List<ArgumentType> arguments) {
    boolean fits = arguments.size() == parameters.size();
    for (int i = 0; fits && i < arguments.size(); i++) {
      fits = parameters.get(i).accepts(arguments.get(i));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: the PTX declares the parameters %s, the launch passes %s"
              .formatted(name, parameters, arguments));
    }
  }
}
