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
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A few tokens of a prompt, or of several sequences, times one weight. */
public class GemmBenchmark extends BenchmarkDefaults {
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public String format = "";

  @Param({"2048x2048", "1111x1056"})
  public String shape = "";

  /** Tokens. */
  @Param({"1", "8", "64"})
  public int n;

  @Param({"1", "all"})
  public String threads = "";

  @Param("memory")
  public String residence = "";

  private VectorBackend cpu;
  private Rotation<Matrix> weights;
  private HostActivations x;
  private HostActivations out;

  /** Counts arithmetic: with many tokens that, not memory, is the bound. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Arithmetic {
    /** Multiplications and additions. */
    public long flops;

    /** Starts an iteration. */
    @Setup(Level.Iteration)
    public void reset() {
      flops = 0;
    }
  }

  /** Makes the weights and checks one product. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    Shape size = Inputs.shape(shape);
    Tensor weight = inputs.tensor(Inputs.format(format), size);
    x = inputs.activations(n, size.cols());
    out = new HostActivations(n, size.rows());
    cpu = new VectorBackend(threads);
    Kernels kernels = cpu.kernels();
    weights =
        new Rotation<>(
            residence, weight.data().byteSize(), () -> kernels.matrix(Inputs.copy(weight)));
    check(weight);
  }

  private void check(Tensor weight) {
    HostActivations expected = new HostActivations(n, out.cols());
    try (Kernels reference = Kernels.reference();
        Matrix matrix = reference.matrix(weight)) {
      matrix.multiply(x, n, expected);
    }
    weights.next().multiply(x, n, out);
    Check.close("GEMM " + weight + ", " + n + " tokens", expected, out, n, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations multiply(Traffic traffic, Arithmetic arithmetic) {
    Matrix weight = weights.next();
    weight.multiply(x, n, out);
    traffic.bytes += weight.bytes();
    arithmetic.flops += 2L * n * weight.rows() * weight.cols();
    return out;
  }

  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
