package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * On the emulated device, in both orders of threads, with work done at once and at the last moment.
 */
final class HybridTest extends HybridContract {
  private static final List<Order> ORDERS = List.of(Order.FORWARD, Order.REVERSE);

  private static final List<Mode> MODES = List.of(Mode.EAGER, Mode.LAZY);

  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  @AfterEach
  void nothingIsLeft() {
    if (cuda != null) {
      assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS));
      assertEquals(0, cuda.counter(Counter.LIVE_PINNED_ALLOCATIONS));
      cuda.reset();
    }
  }

  @Override
  int variants() {
    return ORDERS.size() * MODES.size();
  }

  @Override
  String choose(int variant) {
    Order order = ORDERS.get(variant % 2);
    Mode mode = MODES.get(variant / 2);
    cuda.order(order, 1);
    cuda.mode(mode);
    return order + " " + mode;
  }
}
