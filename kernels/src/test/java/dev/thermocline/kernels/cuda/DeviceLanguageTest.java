package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What barriers, collectives and shared memory do, in every order of threads. */
class DeviceLanguageTest {

  /** Puts a driver in place that lets threads take turns in this order. */
  void loadDriver(Order order, int seed) {
    EmulatedCuda.load().order(order, seed);
  }

  static Stream<Object[]> orders() {
    return Stream.of(
        new Object[] {Order.FORWARD, 0},
        new Object[] {Order.REVERSE, 0},
        new Object[] {Order.RANDOM, 1},
        new Object[] {Order.RANDOM, 2});
  }

  @ParameterizedTest
  @MethodSource("orders")
  void collectivesAnswerEveryLane(Order order, int seed) {
    loadDriver(order, seed);
    try (CudaFixture device = new CudaFixture()) {
      long out = device.device(64 * 8 * 4);
      device.launch("collectives", 1, 64, 0, out);
      int[] rows = device.ints(out, 64 * 8);
      int votes = IntStream.range(0, 32).filter(l -> l % 3 == 0).map(l -> 1 << l).sum();
      for (int thread = 0; thread < 64; thread++) {
        int lane = thread % 32;
        int[] expected = {
          50,
          lane ^ 1,
          lane < 3 ? lane : lane - 3,
          lane > 28 ? lane : lane + 3,
          votes,
          lane ^ 4,
          496,
          3
        };
        assertArrayEquals(expected, Arrays.copyOfRange(rows, thread * 8, thread * 8 + 8));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void halvesOfAWarpGoTheirOwnWays(Order order, int seed) {
    loadDriver(order, seed);
    try (CudaFixture device = new CudaFixture()) {
      long out = device.device(32 * 4);
      device.launch("half_warps", 1, 32, 0, out);
      int[] values = device.ints(out, 32);
      for (int lane = 0; lane < 32; lane++) {
        int pair = lane + (lane ^ 1);
        assertEquals(lane < 16 ? pair : 376, values[lane], "lane " + lane);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void threadsThatHaveLeftAreNotWaitedFor(Order order, int seed) {
    loadDriver(order, seed);
    try (CudaFixture device = new CudaFixture()) {
      long out = device.device(40 * 4);
      device.launch("early_exit", 1, 64, 0, out, 40);
      int[] values = device.ints(out, 40);
      for (int thread = 0; thread < 40; thread++) {
        assertEquals(40 + (thread < 32 ? 32 : 8), values[thread], "thread " + thread);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void barriersOrderSharedMemory(Order order, int seed) {
    loadDriver(order, seed);
    try (CudaFixture device = new CudaFixture()) {
      float[] x = new float[1000];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
      }
      long out = device.device(4 * 4);
      device.launch("block_sums", 4, 256, 0, device.device(x), out, x.length);
      float[] expected = {32640, 98176, 163712, 204972};
      assertArrayEquals(expected, device.floats(out, 4));
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void dynamicSharedMemoryHoldsABlock(Order order, int seed) {
    loadDriver(order, seed);
    try (CudaFixture device = new CudaFixture()) {
      float[] x = new float[100];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
      }
      long out = device.device(400);
      device.launch("reverse", 1, 100, 400, device.device(x), out);
      float[] values = device.floats(out, 100);
      for (int i = 0; i < 100; i++) {
        assertEquals(99 - i, values[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void halvesRoundToNearestEven(Order order, int seed) {
    loadDriver(order, seed);
    float[] x = {
      0,
      -0f,
      1,
      -2.5f,
      65504,
      65520,
      65519.996f,
      1e-8f,
      6e-8f,
      0x1p-25f,
      0x1.8p-24f,
      6.1e-5f,
      0x1.004p0f,
      0x1.002p0f,
      0x1.006p0f,
      Float.POSITIVE_INFINITY,
      3.1415927f
    };
    try (CudaFixture device = new CudaFixture()) {
      long out = device.device(4L * x.length);
      device.launch("half_round_trip", 1, 32, 0, device.device(x), out, x.length);
      float[] expected = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        expected[i] = Float.float16ToFloat(Float.floatToFloat16(x[i]));
      }
      assertArrayEquals(expected, device.floats(out, x.length));
    }
  }
}
