package dev.thermocline.cli;

import java.util.Locale;

/** Amounts of memory as people write them. */
public final class Bytes {
  private Bytes() {}

  /** Reads {@code 512}, {@code 300M}, {@code 6G} or {@code 1.5GiB}; units are powers of 1024. */
  public static long parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT).replaceAll("I?B$", "");
    if (upper.isEmpty()) {
      throw bad(text);
    }
    int unit = "KMGT".indexOf(upper.charAt(upper.length() - 1));
    String number = unit < 0 ? upper : upper.substring(0, upper.length() - 1);
    try {
      double value = Double.parseDouble(number) * Math.pow(1024, unit + 1);
      if (!(value >= 0 && value <= Long.MAX_VALUE)) {
        throw bad(text);
      }
      return (long) value;
    } catch (NumberFormatException e) {
      throw bad(text);
    }
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "bytes: expected a number with K, M, G or T such as 6G, got " + text);
  }

  /** Writes an amount with three digits. */
  public static String format(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.2f %s", value, units[unit]);
  }
}
