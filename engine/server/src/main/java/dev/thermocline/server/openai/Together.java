package dev.thermocline.server.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Does the same for several texts at a time. */
final class Together {
  private Together() {}

  /** Work for one of them. */
  @FunctionalInterface
  interface Work {
    void run(int index) throws InterruptedException;
  }

  /**
   * Runs work for 0 to {@code count - 1}, each in a thread of its own, one alone in this one.
   *
   * @param cancel ends the others when one has failed, whose failure is thrown
   */
  static void run(int count, Work work, Runnable cancel) throws InterruptedException {
    try {
      if (count == 1) {
        work.run(0);
      } else {
        runMany(count, work, cancel);
      }
    } catch (RuntimeException | InterruptedException e) {
      cancel.run();
      throw e;
    }
  }

  private static void runMany(int count, Work work, Runnable cancel) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        all.add(
            threads.submit(() -> {
              try {
                work.run(index);
                return true;
              } catch (RuntimeException e) {
                cancel.run();
                throw e;
              }
            }));
      }
      RuntimeException failure = null;
      for (Future<?> one : all) {
        failure = first(failure, one);
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  private static @Nullable RuntimeException first(@Nullable RuntimeException failure, Future<?> one)
      throws InterruptedException {
    try {
      one.get();
      return failure;
    } catch (ExecutionException e) {
      RuntimeException next =
          e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      return failure == null ? next : failure;
    }
  }
}
