package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Check;
import dev.thermocline.bench.Inputs;
import dev.thermocline.bench.Rotation;
import dev.thermocline.bench.RowSets;
import dev.thermocline.bench.Traffic;
import dev.thermocline.bench.VectorBackend;
import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A gated feed-forward block over the neurons that a predictor named: gate, up, down of each. */
public class NeuronBlockBenchmark extends BenchmarkDefaults {
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public String format = "";

  /** Neurons and width. */
  @Param({"8192x2048", "1111x1056"})
  public String shape = "";

  @Param({"0.05", "0.1", "0.25", "1.0"})
  public double density;

  @Param({"1", "all"})
  public String threads = "";

  @Param("memory")
  public String residence = "";

  // One token's candidates, the array made once.
  private final RowSet[] candidates = {new RowSet(1)};
  private VectorBackend cpu;
  private Rotation<NeuronBlock> blocks;
  private RowSets active;
  private HostActivations x;
  private HostActivations out;
  private long bytes;

  /** Makes the weights and checks one pass. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    Shape size = Inputs.shape(shape);
    NeuronWeights weights = weights(inputs, Inputs.format(format), size);
    x = inputs.activations(1, size.cols());
    out = new HostActivations(1, size.cols());
    active = new RowSets(inputs, size.rows(), density);
    bytes = active.count() * weights.bundleBytes();
    cpu = new VectorBackend(threads);
    Kernels kernels = cpu.kernels();
    blocks =
        new Rotation<>(
            residence,
            weights.neurons() * weights.bundleBytes(),
            () -> kernels.neurons(copy(weights), null));
    check(weights);
  }

  private static NeuronWeights weights(Inputs inputs, EncodableFormat format, Shape size) {
    return weights(
        inputs.tensor(format, size), inputs.tensor(format, size), inputs.tensor(format, size));
  }

  private static NeuronWeights weights(Tensor gate, Tensor up, Tensor downT) {
    // All candidates are computed, so the activation only scales: SiLU leaves no zeros to skip.
    return new NeuronWeights(gate, null, up, null, downT, ActivationFunction.SILU);
  }

  private static NeuronWeights copy(NeuronWeights weights) {
    Tensor gate = weights.gate();
    if (gate == null) {
      throw new IllegalStateException("the block has a gate");
    }
    return weights(Inputs.copy(gate), Inputs.copy(weights.up()), Inputs.copy(weights.downT()));
  }

  private void check(NeuronWeights weights) {
    candidates[0] = active.next();
    HostActivations expected = new HostActivations(1, out.cols());
    try (Kernels reference = Kernels.reference();
        NeuronBlock block = reference.neurons(weights, null)) {
      block.forward(x, 1, candidates, false, expected);
    }
    blocks.next().forward(x, 1, candidates, false, out);
    Check.close("neurons of " + weights.up(), expected, out, 1, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations forward(Traffic traffic) {
    out.clear(1);
    candidates[0] = active.next();
    blocks.next().forward(x, 1, candidates, false, out);
    traffic.bytes += bytes;
    return out;
  }

  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
