package dev.thermocline.cli.inspect;

import dev.thermocline.cli.Bytes;
import dev.thermocline.engine.run.HostMemory;
import dev.thermocline.engine.run.MemoryEstimate;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What loading a model would take of this machine's memory.
 *
 * @param estimate the model's needs
 * @param host what there is
 * @param resident bytes of the file that are in memory now
 * @param context tokens of a sequence
 * @param cacheType of keys and values
 */
public record MemoryFacts(
    MemoryEstimate estimate, HostMemory host, long resident, int context, String cacheType) {

  /** Writes a table. */
  public void print(PrintStream out) {
    out.printf(
        "  memory for one sequence of %d tokens, cache in %s%n",
        context, cacheType.toLowerCase(Locale.ROOT));
    line(out, "weights, mapped", estimate.weights(), percent(resident, estimate.weights()));
    line(out, "weights, copied", estimate.copies(), "down projections, stored by neuron");
    line(
        out,
        "key-value cache",
        estimate.cache(),
        Bytes.format(estimate.cache() / context) + " a token");
    line(out, "working memory", estimate.working(), "with the Java machine's own");
    line(out, "in all", estimate.total(), verdict());
  }

  private static void line(PrintStream out, String name, long bytes, String note) {
    out.printf("  %-18s %10s  %s%n", name, Bytes.format(bytes), note);
  }

  private static String percent(long resident, long all) {
    return String.format(Locale.ROOT, "%.0f %% in memory now", 100.0 * resident / all);
  }

  private String verdict() {
    String machine =
        Bytes.format(host.total()) + ", " + Bytes.format(host.available()) + " available";
    if (estimate.total() > host.total()) {
      return "does not fit: this machine has " + machine;
    }
    // Resident weights are counted as available already.
    boolean now = estimate.total() <= host.available();
    return (now ? "fits: " : "fits once others let go of memory: ") + "of " + machine;
  }

  /** The same for machines, in bytes. */
  public Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("context", context);
    all.put("cache_type", cacheType.toLowerCase(Locale.ROOT));
    all.put("weights", estimate.weights());
    all.put("weights_resident", resident);
    all.put("copies", estimate.copies());
    all.put("cache", estimate.cache());
    all.put("working", estimate.working());
    all.put("total", estimate.total());
    all.put("machine_total", host.total());
    all.put("machine_available", host.available());
    all.put("fits", estimate.total() <= host.total());
    return all;
  }
}
