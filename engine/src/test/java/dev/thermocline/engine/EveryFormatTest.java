package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.RandomData;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.models.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every format: a tiny model of random blocks, its matrices all in that format. */
class EveryFormatTest {
  /** Of the largest logit: sums in another order. */
  private static final double ROUNDING = 2e-5;

  /** A row of the longest blocks. */
  private static final int WIDTH = 256;

  @TempDir Path folder;

  static List<TensorFormat> formats() {
    return TensorFormats.all();
  }

  /** At hot shares of 0, 50 and 100 %, and exact equals dense. */
  @ParameterizedTest
  @MethodSource("formats")
  void hybridEqualsTheCpu(TensorFormat format) throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    try (Model model = Model.open(write(format))) {
      Comparison comparison = new Comparison(model, options(), 2, ROUNDING);
      comparison.run(options().withSparse(SparseMode.OFF), "dense");
      for (double share : new double[] {0, 0.5, 1}) {
        cuda.order(share == 0.5 ? Order.REVERSE : Order.FORWARD, 1);
        EngineOptions onDevice = options().withDevice(DeviceMode.CUDA);
        comparison.run(onDevice.withHotShare(OptionalDouble.of(share)), share + " hot");
      }
      comparison.print(format.toString());
    }
    assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS));
    cuda.reset();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void theNumberOfThreadsChangesNoBit(TensorFormat format) throws Exception {
    try (Model model = Model.open(write(format))) {
      int[] tokens = Runs.prompt(model, 9);
      float[] one = Runs.logits(model, Runs.cpu(1).withContext(32), tokens);
      float[] three = Runs.logits(model, Runs.cpu(3).withContext(32), tokens);
      assertTrue(Arrays.equals(one, three), format.toString());
    }
  }

  private static EngineOptions options() {
    return Runs.cpu(2).withContext(32);
  }

  /** Llama with a ReLU gate, one layer, down stored by neuron so that nothing is requantized. */
  private Path write(TensorFormat format) throws IOException {
    RandomData data = new RandomData(format.ggufId());
    GgufWriter writer =
        new GgufWriter()
            .put("general.architecture", "llama")
            .put("llama.context_length", 64)
            .put("llama.embedding_length", WIDTH)
            .put("llama.block_count", 1)
            .put("llama.feed_forward_length", 160)
            .put("llama.attention.head_count", 4)
            .put("llama.attention.head_count_kv", 2)
            .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .put("llama.hidden_activation", "relu")
            .put("llama.vocab_size", 96);
    writer.tensor(data.tensor("token_embd.weight", format, 96, WIDTH));
    writer.tensor(data.tensor("output.weight", format, 96, WIDTH));
    writer.tensor(data.tensor("output_norm.weight", TensorFormats.F32, 1, WIDTH));
    writer.tensor(data.tensor("blk.0.attn_norm.weight", TensorFormats.F32, 1, WIDTH));
    writer.tensor(data.tensor("blk.0.ffn_norm.weight", TensorFormats.F32, 1, WIDTH));
    writer.tensor(data.tensor("blk.0.attn_q.weight", format, WIDTH, WIDTH));
    writer.tensor(data.tensor("blk.0.attn_k.weight", format, WIDTH / 2, WIDTH));
    writer.tensor(data.tensor("blk.0.attn_v.weight", format, WIDTH / 2, WIDTH));
    writer.tensor(data.tensor("blk.0.attn_output.weight", format, WIDTH, WIDTH));
    writer.tensor(data.tensor("blk.0.ffn_gate.weight", format, 160, WIDTH));
    writer.tensor(data.tensor("blk.0.ffn_up.weight", format, 160, WIDTH));
    writer.tensor(data.tensor("blk.0.ffn_down_t.weight", format, 160, WIDTH));
    Path file = folder.resolve(format + ".gguf");
    writer.write(file);
    return file;
  }
}
