package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Check;
import dev.thermocline.bench.Inputs;
import dev.thermocline.bench.Rotation;
import dev.thermocline.bench.RowSets;
import dev.thermocline.bench.Traffic;
import dev.thermocline.bench.VectorBackend;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One token times the active rows of one weight, as gate and up of predicted neurons. */
public class RowSubsetBenchmark extends BenchmarkDefaults {
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public String format = "";

  @Param({"8192x2048", "1111x1056"})
  public String shape = "";

  @Param({"0.05", "0.1", "0.25", "1.0"})
  public double density;

  @Param({"1", "all"})
  public String threads = "";

  @Param("memory")
  public String residence = "";

  private VectorBackend cpu;
  private Rotation<Matrix> weights;
  private RowSets active;
  private HostActivations x;
  private HostActivations out;
  private long bytes;

  /** Makes the weights and checks one product. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    Shape size = Inputs.shape(shape);
    Tensor weight = inputs.tensor(Inputs.format(format), size);
    x = inputs.activations(1, size.cols());
    out = new HostActivations(1, size.rows());
    active = new RowSets(inputs, size.rows(), density);
    bytes = active.count() * weight.rowBytes();
    cpu = new VectorBackend(threads);
    Kernels kernels = cpu.kernels();
    weights =
        new Rotation<>(
            residence, weight.data().byteSize(), () -> kernels.matrix(Inputs.copy(weight)));
    check(weight);
  }

  private void check(Tensor weight) {
    RowSet rows = active.next();
    HostActivations expected = new HostActivations(1, out.cols());
    try (Kernels reference = Kernels.reference();
        Matrix matrix = reference.matrix(weight)) {
      matrix.multiplyRows(x, 0, rows, expected);
    }
    // Rows that are left out keep the zero of both, so that one too many is noticed.
    weights.next().multiplyRows(x, 0, rows, out);
    Check.close("row subset of " + weight, expected, out, 1, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations multiplyRows(Traffic traffic) {
    weights.next().multiplyRows(x, 0, active.next(), out);
    traffic.bytes += bytes;
    return out;
  }

  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
