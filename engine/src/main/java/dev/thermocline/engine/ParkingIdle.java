package dev.thermocline.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Parks the decode thread at once when there is nothing to do; whoever queues a command wakes it.
 */
final class ParkingIdle implements IdleStrategy {
  private final BooleanSupplier hasWork;
  private volatile @Nullable Thread parked;

  ParkingIdle(BooleanSupplier hasWork) {
    this.hasWork = hasWork;
  }

  @Override
  public void idle(int workCount) {
    if (workCount == 0) {
      idle();
    }
  }

  @Override
  public void idle() {
    parked = Thread.currentThread();
    // The producer queues, then looks here; this looks at the queue after saying that it is going
    // to sleep.
    if (!hasWork.getAsBoolean()) {
      LockSupport.park(this);
    }
    parked = null;
  }

  @Override
  public void reset() {}

  void wake() {
    Thread thread = parked;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
