package dev.thermocline.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation of a backend against the scalar reference: all formats, odd sizes, extremes. One
 * subclass per backend. Long, since it has a test for each operation and each of its variants.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KernelsConformanceTest {
  /**
   * Mean squared error over mean square that float sums in another order stay well below, also
   * where terms cancel.
   */
  private static final double ROUNDING = 1e-9;

  /** Columns by the size of a format's blocks; some are more than kernels take at once. */
  private static final Map<Integer, List<Integer>> COLUMNS =
      Map.of(
          1, List.of(1, 32, 33, 64, 100, 288),
          32, List.of(32, 64, 288, 1056),
          256, List.of(256, 1280));

  private final Kernels reference = Kernels.reference();
  private Kernels tested = reference;

  /** Opens the backend under test. */
  protected abstract Kernels open();

  /** Closes what {@link #open} opened beside the backend. */
  protected void closed() {}

  @BeforeAll
  final void openBackend() {
    tested = open();
  }

  @AfterAll
  final void closeBackend() {
    tested.close();
    closed();
  }

  Stream<Arguments> shapes() {
    return formats().stream()
        .flatMap(format ->
            Objects.requireNonNull(COLUMNS.get(format.blockElements())).stream()
                .map(cols -> Arguments.of(format, cols)));
  }

  /** The formats that the backend computes with. */
  protected List<TensorFormat> formats() {
    return TensorFormats.all();
  }

  List<EncodableFormat> encodable() {
    return TensorFormats.encodable().stream().filter(formats()::contains).toList();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multipliesMatrices(TensorFormat format, int cols) {
    RandomData data = new RandomData(cols);
    for (int n : new int[] {1, 2, 9}) {
      int rows = 1 + data.below(40);
      Tensor weight = data.tensor("w", format, rows, cols);
      float[] x = data.values(n * cols);
      compare(rig -> {
        Activations out = rig.output(n, rows);
        rig.open(rig.kernels().matrix(weight)).multiply(rig.input(n, cols, x), n, out);
        return rig.values(out);
      });
    }
  }

  @ParameterizedTest
  @MethodSource("encodable")
  void multipliesExtremes(EncodableFormat format) {
    int cols = Math.max(64, format.blockElements());
    float[] weights = new float[3 * cols];
    Arrays.fill(weights, 0, cols, 0f);
    Arrays.fill(weights, cols, 2 * cols, 60000f);
    Arrays.fill(weights, 2 * cols, 3 * cols, -1e-4f);
    float[] x = new float[cols];
    Arrays.fill(x, 1e30f);
    x[0] = -0f;
    x[cols - 1] = Float.MIN_VALUE;
    Tensor weight = RandomData.tensor("w", format, 3, cols, weights);
    compare(rig -> {
      Activations out = rig.output(1, 3);
      rig.open(rig.kernels().matrix(weight)).multiply(rig.input(1, cols, x), 1, out);
      return rig.values(out);
    });
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multipliesSomeRows(TensorFormat format, int cols) {
    RandomData data = new RandomData(cols + 1);
    Tensor weight = data.tensor("w", format, 70, cols);
    float[] x = data.values(2 * cols);
    for (double share : new double[] {0, 0.3, 1}) {
      RowSet rows = data.rows(70, share);
      compare(rig -> {
        Activations out = rig.output(2, 70);
        rig.open(rig.kernels().matrix(weight)).multiplyRows(rig.input(2, cols, x), 1, rows, out);
        return rig.values(out);
      });
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void multipliesSomeColumns(TensorFormat format, int rows) {
    RandomData data = new RandomData(rows + 2);
    Tensor transposed = data.tensor("w^T", format, 75, rows);
    float[] x = data.values(2 * 75);
    for (double share : new double[] {0, 0.3, 1}) {
      RowSet columns = data.rows(75, share);
      compare(rig -> {
        Activations out = rig.output(2, rows);
        rig.open(rig.kernels().columns(transposed))
            .multiplyColumns(rig.input(2, 75, x), 1, columns, out);
        return rig.values(out);
      });
    }
  }

  /** Decoding is exact: every backend has the very floats that the format means. */
  @ParameterizedTest
  @MethodSource("shapes")
  void looksUpEmbeddings(TensorFormat format, int cols) {
    Tensor table = new RandomData(cols + 3).tensor("token_embd", format, 11, cols);
    TokenBatch batch = new TokenBatch(3, 1);
    batch.add(10, 0, 0);
    batch.add(0, 1, 0);
    batch.add(7, 2, 0);
    Function<KernelsRig, float[]> lookUp =
        rig -> {
          Activations out = rig.output(3, cols);
          rig.kernels().embed(rig.open(rig.kernels().matrix(table)), batch, out);
          return rig.values(out);
        };
    assertArrayEquals(run(reference, lookUp), run(tested, lookUp));
    compare(rig -> {
      Activations out = rig.output(3, cols);
      rig.kernels().embedPositions(rig.open(rig.kernels().matrix(table)), 2, batch, out);
      return rig.values(out);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 33, 64, 500})
  void normalizes(int cols) {
    RandomData data = new RandomData(cols + 4);
    float[] x = data.values(3 * cols);
    Arrays.fill(x, cols, 2 * cols, 0f);
    Arrays.fill(x, 2 * cols, 3 * cols, 1e-12f);
    Tensor weight = data.tensor("norm", TensorFormats.F32, 1, cols);
    Tensor bias = data.tensor("bias", TensorFormats.F32, 1, cols);
    compare(rig -> {
      Activations out = rig.output(3, cols);
      Weights w = rig.open(rig.kernels().weights(weight));
      rig.kernels().rmsNorm(rig.input(3, cols, x), 3, w, 1e-5f, out);
      return rig.values(out);
    });
    for (boolean biased : new boolean[] {false, true}) {
      compare(rig -> {
        Activations out = rig.output(3, cols);
        Weights w = rig.open(rig.kernels().weights(weight));
        Weights b = biased ? rig.open(rig.kernels().weights(bias)) : null;
        rig.kernels().layerNorm(rig.input(3, cols, x), 3, w, b, 1e-5f, out);
        return rig.values(out);
      });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 64, 160})
  void normalizesHeads(int headSize) {
    RandomData data = new RandomData(headSize);
    int cols = 3 * headSize;
    float[] x = data.values(2 * cols);
    for (int size : new int[] {headSize, cols}) {
      Tensor weight = data.tensor("norm", TensorFormats.F32, 1, size);
      compare(rig -> {
        Activations values = rig.input(2, cols, x);
        Weights w = rig.open(rig.kernels().weights(weight));
        rig.kernels().rmsNormHeads(values, 2, headSize, w, 1e-5f);
        return rig.values(values);
      });
      compare(rig -> {
        Activations values = rig.input(2, cols, x);
        Weights w = rig.open(rig.kernels().weights(weight));
        rig.kernels().layerNormHeads(values, 2, headSize, w, 1e-5f);
        return rig.values(values);
      });
    }
  }

  @ParameterizedTest
  @EnumSource(RopeStyle.class)
  void rotates(RopeStyle style) {
    RandomData data = new RandomData(5);
    TokenBatch batch = new TokenBatch(3, 1);
    batch.add(0, 0, 0);
    batch.add(0, 5, 0);
    batch.add(0, 4000, 0);
    int headSize = 20;
    float[] x = data.values(3 * 3 * headSize);
    for (int pairs : new int[] {1, 4, 10}) {
      double[] frequencies = new double[pairs];
      for (int p = 0; p < pairs; p++) {
        frequencies[p] = Math.pow(10000, -(double) p / pairs);
      }
      Rope rope = new Rope(style, frequencies, pairs == 4 ? 1.25 : 1, 3);
      rope.prepare(batch);
      compare(rig -> {
        Activations values = rig.input(3, 3 * headSize, x);
        rig.kernels().rope(values, 3, headSize, rope);
        return rig.values(values);
      });
    }
  }

  @Test
  void worksElementByElement() {
    RandomData data = new RandomData(6);
    int cols = 37;
    float[] x = data.values(3 * cols);
    float[] y = data.values(3 * cols);
    Tensor bias = data.tensor("bias", TensorFormats.F32, 1, cols);
    compare(rig -> {
      Activations a = rig.input(3, cols, x);
      rig.kernels().add(a, rig.input(3, cols, y), 3);
      return rig.values(a);
    });
    for (ActivationFunction function : ActivationFunction.values()) {
      compare(rig -> {
        Activations a = rig.input(3, cols, x);
        rig.kernels().multiply(function, a, rig.input(3, cols, y), 3);
        return rig.values(a);
      });
    }
    compare(rig -> {
      Activations a = rig.input(3, cols, x);
      rig.kernels().scale(a, 3, -0.75f);
      return rig.values(a);
    });
    compare(rig -> {
      Activations a = rig.input(3, cols, x);
      rig.kernels().softCap(a, 3, 0.5f);
      return rig.values(a);
    });
    compare(rig -> {
      Activations a = rig.input(3, cols, x);
      rig.kernels().addBias(a, 3, rig.open(rig.kernels().weights(bias)));
      return rig.values(a);
    });
    compare(rig -> {
      Activations a = rig.input(3, cols, x);
      rig.kernels().clear(a, 2);
      return rig.values(a);
    });
  }

  @ParameterizedTest
  @EnumSource(ActivationFunction.class)
  void activates(ActivationFunction function) {
    float[] x = {0, -0f, 1, -1, 3.5f, -3.5f, 88, -88, 100, -100, 1e-20f, -1e-20f, 1e18f, -1e18f};
    compare(rig -> {
      Activations a = rig.input(1, x.length, x);
      rig.kernels().activate(function, a, 1);
      return rig.values(a);
    });
  }

  static Stream<Arguments> heads() {
    return Stream.of(
            new int[] {4, 4, 8, 8},
            new int[] {4, 2, 16, 12},
            new int[] {6, 1, 20, 36},
            new int[] {2, 1, 128, 128})
        .flatMap(h ->
            Stream.of(KvFormat.values())
                .map(format -> Arguments.of(h[0], h[1], h[2], h[3], format)));
  }

  /** Three sequences with shuffled pages: a long one, one that fills its page, a new one. */
  @ParameterizedTest
  @MethodSource("heads")
  void attendsToPagedSequences(
      int heads, int kvHeads, int headSize, int valueSize, KvFormat format) {
    RandomData data = new RandomData(heads * headSize);
    int[] lengths = {150, 32, 3};
    int[] pages = data.shuffled(9);
    int rows = Arrays.stream(lengths).sum();
    TokenBatch prompt = new TokenBatch(rows, 9);
    TokenBatch decode = new TokenBatch(4, 9);
    int from = 0;
    for (int length : lengths) {
      int count = length / TokenBatch.PAGE + 1;
      int[] own = Arrays.copyOfRange(pages, from, from + count);
      from += count;
      int start = prompt.addPages(own, count);
      for (int p = 0; p < length; p++) {
        prompt.add(0, p, start);
      }
      int decodeStart = decode.addPages(own, count);
      decode.add(0, length - 1, decodeStart);
    }
    decode.add(0, 31, decode.pageStart()[0]);
    float[] k = data.values(rows * kvHeads * headSize);
    float[] v = data.values(rows * kvHeads * valueSize);
    float[] q = data.values(4 * heads * headSize);
    float scale = (float) (1 / Math.sqrt(headSize));
    Tensor sink = data.tensor("sinks", TensorFormats.F32, 1, heads);
    for (AttentionShape shape :
        new AttentionShape[] {
          AttentionShape.of(heads, scale),
          new AttentionShape(heads, scale, 0.5f, 0),
          new AttentionShape(heads, scale, 0, 1),
          new AttentionShape(heads, scale, 0, 45),
          new AttentionShape(heads, scale, 2, 64)
        }) {
      for (boolean sinks : new boolean[] {false, true}) {
        compare(rig -> {
          Kernels kernels = rig.kernels();
          KvCache cache =
              rig.open(kernels.kvCache(new KvShape(9, kvHeads, headSize, valueSize, format)));
          kernels.append(
              rig.input(rows, kvHeads * headSize, k),
              rig.input(rows, kvHeads * valueSize, v),
              prompt,
              cache);
          Activations out = rig.output(4, heads * valueSize);
          Activations query = rig.input(4, heads * headSize, q);
          Weights scores = sinks ? rig.open(kernels.weights(sink)) : null;
          kernels.attention(query, decode, cache, shape, scores, out);
          return rig.values(out);
        });
      }
    }
  }

  /** A window slides: most of a sequence moves back, across pages and into another one. */
  @ParameterizedTest
  @MethodSource("heads")
  void movesPositions(int heads, int kvHeads, int headSize, int valueSize, KvFormat format) {
    RandomData data = new RandomData(headSize + valueSize);
    int length = 75;
    int[] pages = {4, 0, 2};
    TokenBatch batch = new TokenBatch(length, 3);
    int start = batch.addPages(pages, 3);
    for (int p = 0; p < length; p++) {
      batch.add(0, p, start);
    }
    float[] k = data.values(length * kvHeads * headSize);
    float[] v = data.values(length * kvHeads * valueSize);
    float[] q = data.values(2 * heads * headSize);
    for (RopeStyle style : RopeStyle.values()) {
      for (int pairs : new int[] {0, 1, headSize / 2}) {
        compare(rig -> {
          Kernels kernels = rig.kernels();
          KvCache cache =
              rig.open(kernels.kvCache(new KvShape(6, kvHeads, headSize, valueSize, format)));
          kernels.append(
              rig.input(length, kvHeads * headSize, k),
              rig.input(length, kvHeads * valueSize, v),
              batch,
              cache);
          kernels.move(cache, moves(pages, 21, length, 17), turn(style, pairs, -17));
          swap(cache, 0, 3);
          swap(cache, 3, 1);
          swap(cache, 1, 0);
          TokenBatch after = new TokenBatch(2, 3);
          int moved = after.addPages(new int[] {5, 0, 2}, 3);
          after.add(0, length - 18, moved);
          after.add(0, 40, moved);
          Activations out = rig.output(2, heads * valueSize);
          AttentionShape window = new AttentionShape(heads, 0.3f, 0, 35);
          kernels.attention(rig.input(2, heads * headSize, q), after, cache, window, null, out);
          return rig.values(out);
        });
      }
    }
  }

  /** Through the host. */
  private static void swap(KvCache cache, int one, int other) {
    KvShape shape = cache.shape();
    long bytes = shape.pageKeyBytes() + shape.pageValueBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate(bytes);
      MemorySegment second = arena.allocate(bytes);
      cache.readPage(one, first);
      cache.readPage(other, second);
      cache.writePage(one, second);
      cache.writePage(other, first);
    }
  }

  /** Positions from {@code from} on go back by {@code distance}; the first page is another then. */
  private static TokenBatch moves(int[] pages, int from, int length, int distance) {
    TokenBatch moves = new TokenBatch(2 * length, 6);
    int old = moves.addPages(pages, 3);
    int moved = moves.addPages(new int[] {5, pages[1], pages[2]}, 3);
    for (int p = from; p < length; p++) {
      moves.add(0, p, old);
    }
    for (int p = from; p < length; p++) {
      moves.add(0, p - distance, moved);
    }
    return moves;
  }

  private static Rope turn(RopeStyle style, int pairs, int distance) {
    double[] frequencies = new double[pairs];
    Arrays.setAll(frequencies, p -> Math.pow(100, -(double) p / Math.max(1, pairs)));
    Rope turn = new Rope(style, frequencies, 1.25, 4).again();
    TokenBatch one = new TokenBatch(1, 1);
    one.add(0, distance, 0);
    turn.prepare(one);
    return turn;
  }

  /** Scores far apart and all alike, where a softmax without its maximum overflows. */
  @Test
  void attendsToExtremes() {
    TokenBatch batch = new TokenBatch(40, 2);
    int start = batch.addPages(new int[] {1, 0}, 2);
    for (int p = 0; p < 40; p++) {
      batch.add(0, p, start);
    }
    float[] k = new float[40 * 4];
    float[] v = new RandomData(7).values(40 * 4);
    float[] q = new float[40 * 4];
    Arrays.fill(q, 10f);
    for (int p = 0; p < 40; p++) {
      Arrays.fill(k, p * 4, p * 4 + 4, p == 13 ? 1e4f : -1e4f);
    }
    compare(rig -> {
      Kernels kernels = rig.kernels();
      KvCache cache = rig.open(kernels.kvCache(new KvShape(2, 1, 4, KvFormat.F32)));
      kernels.append(rig.input(40, 4, k), rig.input(40, 4, v), batch, cache);
      Activations out = rig.output(40, 4);
      kernels.attention(rig.input(40, 4, q), batch, cache, AttentionShape.of(1, 1f), null, out);
      return rig.values(out);
    });
  }

  /** Random blocks: gate, biases, formats, subsets, candidates, cutoffs, tokens. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void addsNeurons(int part) {
    for (int i = 0; i < 10; i++) {
      long seed = 1000L * part + i;
      NeuronCase random = NeuronCase.random(new RandomData(seed), formats());
      compareNeurons("seed " + seed + ": " + random, random);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void addsNeuronsOfEveryFormat(TensorFormat format) {
    int width = Math.max(64, 2 * format.blockElements());
    RandomData data = new RandomData(width + format.ggufId());
    NeuronWeights weights =
        NeuronCase.weights(data, 70, width, true, true, ActivationFunction.RELU, format);
    for (int tokens : new int[] {1, 2, 5}) {
      compareNeurons(
          format + ", " + tokens + " tokens",
          new NeuronCase(
              weights, data.rows(70, 0.8), tokens, null, null, true, data.values(tokens * width)));
    }
  }

  /** A block wide enough that slices have several words and a tile is not enough. */
  @Test
  void addsManyNeurons() {
    RandomData data = new RandomData(8);
    NeuronWeights weights =
        NeuronCase.weights(data, 1500, 32, true, true, ActivationFunction.RELU, TensorFormats.F16);
    RowSet[] candidates = new RowSet[19];
    for (int t = 0; t < candidates.length; t++) {
      candidates[t] = data.rows(1500, 0.05);
    }
    candidates[3].clear();
    compareNeurons(
        "many",
        new NeuronCase(
            weights, data.rows(1500, 0.9), 19, candidates, null, true, data.values(19 * 32)));
  }

  /** What is hot and what is cold add up to the whole. */
  @Test
  void addsDisjointSubsets() {
    RandomData data = new RandomData(9);
    NeuronWeights weights =
        NeuronCase.weights(data, 130, 64, true, false, ActivationFunction.SILU, TensorFormats.Q8_0);
    RowSet hot = data.rows(130, 0.4);
    RowSet cold = new RowSet(130);
    for (int i = 0; i < 130; i++) {
      if (!hot.contains(i)) {
        cold.add(i);
      }
    }
    float[] x = data.values(2 * 64);
    float[] whole =
        run(
            reference,
            rig -> {
              Activations out = rig.input(2, 64, new float[2 * 64]);
              rig.open(reference.neurons(weights, null))
                  .forward(rig.input(2, 64, x), 2, null, true, out);
              return rig.values(out);
            });
    try (KernelsRig rig = new KernelsRig(tested)) {
      Activations input = rig.input(2, 64, x);
      Activations out = rig.input(2, 64, new float[2 * 64]);
      rig.open(tested.neurons(weights, hot)).forward(input, 2, null, true, out);
      rig.open(tested.neurons(weights, cold)).forward(input, 2, null, true, out);
      assertClose("hot and cold", whole, rig.values(out));
    }
  }

  @Test
  void addsNothingForNoNeurons() {
    RandomData data = new RandomData(10);
    NeuronWeights weights =
        NeuronCase.weights(data, 64, 32, true, false, ActivationFunction.RELU, TensorFormats.F32);
    try (KernelsRig rig = new KernelsRig(tested)) {
      Activations out = rig.input(1, 32, data.values(32));
      float[] before = rig.values(out);
      NeuronBlock none = rig.open(tested.neurons(weights, new RowSet(64)));
      none.forward(rig.input(1, 32, data.values(32)), 1, null, true, out);
      assertEquals(0, none.neurons());
      assertEquals(0, none.bytes());
      assertTrue(Arrays.equals(before, rig.values(out)));
    }
  }

  private void compareNeurons(String what, NeuronCase neurons) {
    long[] counts = new long[4];
    int[][] groups = new int[2][];
    compare(
        what,
        rig -> {
          NeuronBlock block = rig.open(rig.kernels().neurons(neurons.weights(), neurons.subset()));
          if (neurons.cutoffs() != null) {
            block.cutoffs(neurons.cutoffs());
          }
          int width = neurons.weights().width();
          int n = neurons.tokens();
          Activations x = rig.input(n, width, neurons.x());
          Activations out = rig.output(n, width);
          rig.kernels().clear(out, n);
          block.forward(x, n, neurons.candidates(), neurons.skip(), out);
          block.forward(x, n, neurons.candidates(), neurons.skip(), out);
          int at = rig.kernels() == reference ? 0 : 2;
          counts[at] = block.neuronsTested();
          counts[at + 1] = block.neuronsAdded();
          groups[at / 2] = block.addedByGroup();
          return rig.values(out);
        });
    assertEquals(counts[0], counts[2], what + ": neurons tested");
    assertEquals(counts[1], counts[3], what + ": neurons added");
    // The block of no neurons has no groups.
    if (groups[1].length > 0) {
      assertArrayEquals(groups[0], groups[1], what + ": neurons added by groups");
    }
  }

  private void compare(Function<KernelsRig, float[]> operation) {
    compare(tested.name(), operation);
  }

  private void compare(String what, Function<KernelsRig, float[]> operation) {
    assertClose(what, run(reference, operation), run(tested, operation));
  }

  private static float[] run(Kernels kernels, Function<KernelsRig, float[]> operation) {
    try (KernelsRig rig = new KernelsRig(kernels)) {
      return operation.apply(rig);
    }
  }

  /** Compares by normalized mean squared error; what is not finite has to be so in both. */
  static void assertClose(String what, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double error = 0;
    double power = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(expected[i])) {
        assertEquals(expected[i], actual[i], what + ": element " + i);
        continue;
      }
      double difference = (double) actual[i] - expected[i];
      error += difference * difference;
      power += (double) expected[i] * expected[i];
    }
    String message = what + ": expected " + head(expected) + ", got " + head(actual);
    assertTrue(error <= ROUNDING * power, message + ", error " + error + " of " + power);
  }

  private static String head(float[] values) {
    return Arrays.toString(Arrays.copyOf(values, Math.min(8, values.length)));
  }
}
