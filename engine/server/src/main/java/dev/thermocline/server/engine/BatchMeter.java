package dev.thermocline.server.engine;

import dev.thermocline.engine.StepCounts;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** How many texts a step computed together, from look to look. */
final class BatchMeter {
  private final Supplier<StepCounts> batches;
  private long steps;
  private long sum;

  BatchMeter(Supplier<StepCounts> batches) {
    this.batches = batches;
    mean();
  }

  /** Mean since the look before; empty where no step was computed. */
  OptionalDouble mean() {
    StepCounts now = batches.get();
    long allSteps = now.steps();
    OptionalDouble mean =
        allSteps > steps
            ? OptionalDouble.of((double) (now.sum() - sum) / (allSteps - steps))
            : OptionalDouble.empty();
    steps = allSteps;
    sum = now.sum();
    return mean;
  }
}
