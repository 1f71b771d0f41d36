package dev.thermocline.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Counts what operations read; JMH reports it per second beside their number. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Traffic {
  /** Bytes of weights, or of keys and values, that operations had to read. */
  public long bytes;

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void reset() {
    bytes = 0;
  }
}
