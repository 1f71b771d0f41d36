package dev.thermocline.engine.schedule;

import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.run.RunnerSource;

/** A source of runners whose scheduler forgets what the caches held when they are replaced. */
public final class ForgettingSource implements RunnerSource {
  private final RunnerSource source;
  private final Scheduler scheduler;

  /** Takes ownership of the source. */
  public ForgettingSource(RunnerSource source, Scheduler scheduler) {
    this.source = source;
    this.scheduler = scheduler;
  }

  @Override
  public ModelRunner runner() {
    return source.runner();
  }

  @Override
  public boolean fallBack(RuntimeException failure) {
    boolean again = source.fallBack(failure);
    if (again) {
      scheduler.forget();
    }
    return again;
  }

  @Override
  public LayerStatistics statistics() {
    return source.statistics();
  }

  @Override
  public void close() {
    source.close();
  }
}
