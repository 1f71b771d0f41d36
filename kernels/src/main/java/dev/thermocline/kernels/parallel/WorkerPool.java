package dev.thermocline.kernels.parallel;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that do one {@link ParallelTask} at a time together with the caller.
 * Workers spin for a short while after a task, then yield, then park until the next one, so that a
 * decoding loop finds them awake and an idle process costs nothing. A dispatch allocates nothing.
 */
public final class WorkerPool implements AutoCloseable {
  /** Spins before a waiting thread begins to yield: about 20 microseconds. */
  private static final int SPINS = 500;

  /**
   * Yields before a worker parks; the caller of {@link #run} never parks, its wait is bounded by
   * the task.
   */
  private static final int YIELDS = 200;

  private final AgentRunner[] runners;
  private final Worker[] workers;
  private final LoneCounter pending = new LoneCounter();
  private final LoneCounter sequence = new LoneCounter();
  private @Nullable ParallelTask task;
  private volatile @Nullable Throwable failure;
  private volatile boolean closing;

  /**
   * Starts {@code threads - 1} workers; the caller of {@link #run} is the missing one.
   *
   * @throws IllegalArgumentException if {@code threads} is not between 1 and 1024
   */
  public WorkerPool(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads: expected 1 to 1024, got " + threads);
    }
    workers = new Worker[threads - 1];
    runners = new AgentRunner[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      runners[i] = new AgentRunner(workers[i], WorkerPool::report, null, workers[i]);
      AgentRunner.startOnThread(runners[i], WorkerPool::daemon);
    }
  }

  /** One worker per processor that the JVM may use. */
  public static int defaultThreads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Number of threads that take part in a task, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs {@code next} on all threads and returns when all have finished. For one caller at a time;
   * what the caller wrote before is visible to the workers, and what they wrote is visible
   * afterwards.
   *
   * @throws IllegalStateException if the task threw on a worker
   */
  public void run(ParallelTask next) {
    int count = workers.length;
    if (count == 0) {
      next.run(0, 1);
      return;
    }
    task = next;
    pending.set(count);
    sequence.add(1);
    for (Worker worker : workers) {
      worker.wake();
    }
    try {
      next.run(0, count + 1);
    } finally {
      awaitWorkers();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a worker failed: " + thrown, thrown);
    }
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // yields so that an oversubscribed machine runs the workers
  private void awaitWorkers() {
    int spins = 0;
    while (pending.get() != 0) {
      if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private static Thread daemon(Runnable runnable) {
    Thread thread = new Thread(runnable);
    thread.setDaemon(true);
    return thread;
  }

  private static void report(Throwable thrown) {
    System.getLogger(WorkerPool.class.getName()).log(System.Logger.Level.ERROR, "worker", thrown);
  }

  @Override
  public void close() {
    closing = true;
    for (Worker worker : workers) {
      worker.wake();
    }
    for (AgentRunner runner : runners) {
      runner.close();
    }
  }

  /** A thread's duty cycle and how it waits. */
  private final class Worker implements Agent, IdleStrategy {
    private final int number;
    private int seen;
    private int idles;
    private volatile @Nullable Thread parked;

    Worker(int number) {
      this.number = number;
    }

    @Override
    @SuppressWarnings("NullAway") // the task is set before the sequence that announces it
    public int doWork() {
      int current = sequence.get();
      if (current == seen) {
        return 0;
      }
      seen = current;
      try {
        task.run(number, workers.length + 1);
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
      } finally {
        pending.add(-1);
      }
      return 1;
    }

    void wake() {
      Thread thread = parked;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void idle(int workCount) {
      if (workCount > 0) {
        reset();
      } else {
        idle();
      }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // the last step before parking, as Agrona's backoff
    public void idle() {
      idles++;
      if (idles < SPINS) {
        Thread.onSpinWait();
      } else if (idles < SPINS + YIELDS) {
        Thread.yield();
      } else {
        park();
      }
    }

    private void park() {
      parked = Thread.currentThread();
      // The dispatcher writes the sequence, then reads parked; this thread does the two the other
      // way round, so that
      // one of them always sees the other.
      if (sequence.get() == seen && !closing) {
        LockSupport.park(this);
      }
      parked = null;
    }

    @Override
    public void reset() {
      idles = 0;
    }

    @Override
    public String roleName() {
      return "thermocline-worker-" + number;
    }
  }
}
