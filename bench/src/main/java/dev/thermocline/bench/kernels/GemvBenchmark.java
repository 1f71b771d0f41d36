package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Check;
import dev.thermocline.bench.Inputs;
import dev.thermocline.bench.Rotation;
import dev.thermocline.bench.Traffic;
import dev.thermocline.bench.VectorBackend;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One token times one weight. */
public class GemvBenchmark extends BenchmarkDefaults {
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public String format = "";

  /** Rows and columns: attention and feed-forward of a 1B model, and an odd one. */
  @Param({"2048x2048", "8192x2048", "2048x8192", "1111x1056"})
  public String shape = "";

  @Param({"1", "all"})
  public String threads = "";

  @Param({"memory", "cache"})
  public String residence = "";

  private VectorBackend cpu;
  private Rotation<Matrix> weights;
  private HostActivations x;
  private HostActivations out;

  /** Makes the weights and checks one product. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    Shape size = Inputs.shape(shape);
    Tensor weight = inputs.tensor(Inputs.format(format), size);
    x = inputs.activations(1, size.cols());
    out = new HostActivations(1, size.rows());
    cpu = new VectorBackend(threads);
    Kernels kernels = cpu.kernels();
    weights =
        new Rotation<>(
            residence, weight.data().byteSize(), () -> kernels.matrix(Inputs.copy(weight)));
    check(weight);
  }

  private void check(Tensor weight) {
    HostActivations expected = new HostActivations(1, out.cols());
    try (Kernels reference = Kernels.reference();
        Matrix matrix = reference.matrix(weight)) {
      matrix.multiply(x, 1, expected);
    }
    weights.next().multiply(x, 1, out);
    Check.close("GEMV " + weight, expected, out, 1, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations multiply(Traffic traffic) {
    Matrix weight = weights.next();
    weight.multiply(x, 1, out);
    traffic.bytes += weight.bytes();
    return out;
  }

  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
