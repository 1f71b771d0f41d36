package dev.thermocline.examples;

import dev.thermocline.engine.api.Activity;
import dev.thermocline.engine.api.ActivityWatch;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.api.LocalModel;
import java.time.Duration;

/** Watches which share of the neurons works while a story is told. */
public final class ActivityExample {
  private ActivityExample() {}

  private static void print(Activity activity) {
    System.out.printf(
        "%d tokens, %.1f %% of the neurons active, %.2f MB read per token%n",
        activity.tokens(), 100 * activity.activeShare(), activity.bytesPerToken() / 1e6);
  }

  public static void main(String[] args) throws Exception {
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      try (ActivityWatch _ = model.watch(Duration.ofMillis(100), ActivityExample::print)) {
        model.complete("Once upon a time", AnswerOptions.greedy().withMaxTokens(100)).answer();
      }
      Activity all = model.activity();
      print(all);
      System.out.println(all.placement());
      for (Activity.Layer layer : all.layers()) {
        System.out.printf(
            "%d hot and %d cold neurons, %.1f %% active%n",
            layer.hotNeurons(), layer.coldNeurons(), 100 * layer.activeShare());
      }
    }
  }
}
