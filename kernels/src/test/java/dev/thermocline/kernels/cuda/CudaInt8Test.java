package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RandomData;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Eight-bit activations against the scalar reference on the same input rounded the same way, which
 * differs only in the order of float sums.
 */
final class CudaInt8Test {
  private static final int TOKENS = 3;
  private static final int NEURONS = 90;
  private static final int WIDTH = 96;

  @ParameterizedTest
  @CsvSource({"8, 1", "8, 0.5", "2, 1", "2, 0.3", "1, 0.5"})
  void addsNeuronsOnRoundedInput(int ggufId, double share) {
    TensorFormat format = TensorFormats.byGgufId(ggufId).orElseThrow();
    RandomData data = new RandomData(ggufId);
    NeuronWeights weights = EmulatedKernels.block(data, format, NEURONS, WIDTH);
    RowSet[] candidates = new RowSet[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      candidates[t] = data.rows(NEURONS, share);
    }
    HostActivations x = new HostActivations(TOKENS, WIDTH);
    System.arraycopy(data.values(TOKENS * WIDTH), 0, x.values(), 0, TOKENS * WIDTH);
    java.util.Arrays.fill(x.values(), 32, 64, 0f);
    HostActivations rounded = new HostActivations(TOKENS, WIDTH);
    boolean rounds = format.blockElements() > 1;
    for (int i = 0; i < TOKENS * WIDTH; i += 32) {
      round(x.values(), rounded.values(), i, rounds);
    }
    HostActivations expected = new HostActivations(TOKENS, WIDTH);
    NeuronBlock oracle = Kernels.reference().neurons(weights, null);
    oracle.forward(rounded, TOKENS, candidates, true, expected);

    HostActivations actual = new HostActivations(TOKENS, WIDTH);
    try (EmulatedKernels emulated =
        new EmulatedKernels(new CudaOptions(4, CudaOptions.STAGING_BYTES, true, false))) {
      Kernels kernels = emulated.kernels();
      NeuronBlock block = kernels.neurons(weights, null);
      Activations in = kernels.activations(TOKENS, WIDTH);
      Activations out = kernels.activations(TOKENS, WIDTH);
      kernels.upload(x, TOKENS, in);
      block.forward(in, TOKENS, candidates, true, out);
      kernels.download(out, TOKENS, actual);
      assertEquals(oracle.neuronsAdded(), block.neuronsAdded());
    }
    for (int i = 0; i < TOKENS * WIDTH; i++) {
      assertEquals(expected.values()[i], actual.values()[i], 1e-3, "element " + i);
    }
  }

  /** A block of 32 with the scale max / 127. */
  private static void round(float[] from, float[] to, int at, boolean rounds) {
    float max = 0;
    for (int i = at; i < at + 32; i++) {
      max = Math.max(max, Math.abs(from[i]));
    }
    float scale = max / 127f;
    for (int i = at; i < at + 32; i++) {
      to[i] = !rounds ? from[i] : scale == 0 ? 0 : scale * (float) Math.rint(from[i] / scale);
    }
  }
}
