package dev.thermocline.engine.run;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Runs the vector kernels of some formats over small matrices on a thread of its own while a model
 * loads. Interpreted vector code is a thousand times slower than compiled code, so every row that
 * is computed before the first token brings that token nearer. Never runs longer than loading
 * takes.
 */
final class WarmUp implements AutoCloseable {
  private static final int ROWS = 64;
  private static final int COLS = 256;
  private static final int BATCH = 5;

  /** Finite and not zero in every format, wherever in a block it stands. */
  private static final byte SOMETHING = 0x3c;

  private final Thread thread;
  private volatile boolean stopped;

  private WarmUp(Collection<TensorFormat> formats) {
    List<TensorFormat> copy = List.copyOf(formats);
    thread = new Thread(() -> run(copy), "thermocline-warm-up");
    thread.setDaemon(true);
  }

  /** Starts; closing ends it. */
  static WarmUp start(Collection<TensorFormat> formats) {
    WarmUp warmUp = new WarmUp(formats);
    warmUp.thread.start();
    return warmUp;
  }

  private void run(List<TensorFormat> formats) {
    try (WorkerPool pool = new WorkerPool(1);
        Kernels kernels = Kernels.vector(pool);
        Arena arena = Arena.ofConfined()) {
      List<Case> cases = formats.stream().map(f -> new Case(kernels, f, arena)).toList();
      while (!stopped) {
        for (Case one : cases) {
          if (!stopped) {
            one.run();
          }
        }
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
  }

  /** One format's products, for one token and for several. */
  private static final class Case {
    private final Matrix matrix;
    private final NeuronBlock neurons;
    private final HostActivations x = new HostActivations(BATCH, COLS);
    private final HostActivations rows = new HostActivations(BATCH, ROWS);
    private final HostActivations out = new HostActivations(BATCH, COLS);

    Case(Kernels kernels, TensorFormat format, Arena arena) {
      Shape shape = new Shape(ROWS, COLS);
      MemorySegment data = arena.allocate(format.bytes(shape.elements()), 64).fill(SOMETHING);
      Tensor weights = new Tensor("warm-up", format, shape, data);
      Arrays.fill(x.values(), 1f);
      this.matrix = kernels.matrix(weights);
      this.neurons =
          kernels.neurons(
              // All neurons count, so that down rows are added too.
              new NeuronWeights(null, null, weights, null, weights, ActivationFunction.SILU), null);
    }

    void run() {
      matrix.multiply(x, 1, rows);
      neurons.forward(x, 1, null, false, out);
      matrix.multiply(x, BATCH, rows);
      neurons.forward(x, BATCH, null, false, out);
    }
  }
}
