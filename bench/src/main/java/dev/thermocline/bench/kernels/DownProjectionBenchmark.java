package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Check;
import dev.thermocline.bench.Inputs;
import dev.thermocline.bench.Rotation;
import dev.thermocline.bench.RowSets;
import dev.thermocline.bench.Traffic;
import dev.thermocline.bench.VectorBackend;
import dev.thermocline.kernels.ColumnMatrix;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Active neurons' rows of a transposed down projection, each times its hidden value, added up. A
 * column matrix is exactly that step: it shares its kernel with the neuron block.
 */
public class DownProjectionBenchmark extends BenchmarkDefaults {
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public String format = "";

  /** Neurons and width of the output. */
  @Param({"8192x2048", "1111x1056"})
  public String shape = "";

  @Param({"0.05", "0.1", "0.25", "1.0"})
  public double density;

  @Param({"1", "all"})
  public String threads = "";

  @Param("memory")
  public String residence = "";

  private VectorBackend cpu;
  private Rotation<ColumnMatrix> weights;
  private RowSets active;
  private HostActivations hidden;
  private HostActivations out;
  private long bytes;

  /** Makes the weights and checks one sum. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    Shape size = Inputs.shape(shape);
    Tensor downT = inputs.tensor(Inputs.format(format), size);
    hidden = inputs.activations(1, size.rows());
    out = new HostActivations(1, size.cols());
    active = new RowSets(inputs, size.rows(), density);
    bytes = active.count() * downT.rowBytes();
    cpu = new VectorBackend(threads);
    Kernels kernels = cpu.kernels();
    weights =
        new Rotation<>(
            residence, downT.data().byteSize(), () -> kernels.columns(Inputs.copy(downT)));
    check(downT);
  }

  private void check(Tensor downT) {
    RowSet neurons = active.next();
    HostActivations expected = new HostActivations(1, out.cols());
    try (Kernels reference = Kernels.reference();
        ColumnMatrix matrix = reference.columns(downT)) {
      matrix.multiplyColumns(hidden, 0, neurons, expected);
    }
    weights.next().multiplyColumns(hidden, 0, neurons, out);
    Check.close("down projection " + downT, expected, out, 1, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations add(Traffic traffic) {
    weights.next().multiplyColumns(hidden, 0, active.next(), out);
    traffic.bytes += bytes;
    return out;
  }

  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
