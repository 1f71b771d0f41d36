package dev.thermocline.kernels.cuda;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The objects made for addresses lately, so that copies and launches that repeat make none. An
 * address has {@link #WAYS} neighbouring slots. Threads may race for a slot; each uses what it has
 * read.
 *
 * @param <T> form of an address
 */
final class AddressCache<T> {

  private static final int BITS = 13;
  private static final int WAYS = 8;

  private record Entry<T>(long address, T form) {}

  private final LongFunction<T> maker;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final @Nullable Entry<T>[] slots = new @Nullable Entry[(1 << BITS) + WAYS];

  AddressCache(LongFunction<T> maker) {
    this.maker = maker;
  }

  T at(long address) {
    // Fibonacci hashing: addresses differ in their middle bits only.
    int home = (int) (address * 0x9E3779B97F4A7C15L >>> 64 - BITS);
    for (int slot = home; slot < home + WAYS; slot++) {
      Entry<T> found = slots[slot];
      if (found == null) {
        return remember(slot, address);
      }
      if (found.address == address) {
        return found.form;
      }
    }
    return remember(home, address);
  }

  private T remember(int slot, long address) {
    T form = maker.apply(address);
    slots[slot] = new Entry<>(address, form);
    return form;
  }
}
