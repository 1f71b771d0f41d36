package dev.thermocline.engine.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Memory of this machine, or of the container that this program runs in.
 *
 * @param total bytes there are
 * @param available bytes that programs can still get, files in the page cache counted as free
 */
public record HostMemory(long total, long available) {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path CGROUP_LIMIT = Path.of("/sys/fs/cgroup/memory.max");
  private static final Path CGROUP_USED = Path.of("/sys/fs/cgroup/memory.current");

  /** Reads the figures. Linux's own files are read where they are: a bean costs 50 ms at start. */
  public static HostMemory read() {
    OptionalLong total = line("MemTotal:");
    OptionalLong available = line("MemAvailable:");
    if (total.isEmpty() || available.isEmpty()) {
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new HostMemory(system.getTotalMemorySize(), system.getFreeMemorySize());
    }
    return new HostMemory(total.getAsLong(), available.getAsLong()).within(number(CGROUP_LIMIT));
  }

  private HostMemory within(OptionalLong limit) {
    if (limit.isEmpty() || limit.getAsLong() >= total) {
      return this;
    }
    long left = limit.getAsLong() - number(CGROUP_USED).orElse(0);
    return new HostMemory(limit.getAsLong(), Math.clamp(left, 0, available));
  }

  /** A line such as {@code MemTotal: 24621680 kB}. */
  private static OptionalLong line(String name) {
    try {
      return Files.readAllLines(MEMINFO).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A file with one number; another word, as {@code max}, means that there is none. */
  private static OptionalLong number(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
