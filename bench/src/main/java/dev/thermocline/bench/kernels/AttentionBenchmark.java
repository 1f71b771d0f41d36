package dev.thermocline.bench.kernels;

import dev.thermocline.bench.BenchmarkDefaults;
import dev.thermocline.bench.Check;
import dev.thermocline.bench.Inputs;
import dev.thermocline.bench.Traffic;
import dev.thermocline.bench.VectorBackend;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.TokenBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One token's attention to all before it, in one layer, over pages in random order. */
public class AttentionBenchmark extends BenchmarkDefaults {
  @Param({"128", "333", "1024", "4096"})
  public int context;

  /** Query heads, key-value heads and head size: a 1B model, and an odd one. */
  @Param({"32x8x64", "9x3x40"})
  public String heads = "";

  /** Elements of keys and values. */
  @Param({"F32", "F16", "Q8_0"})
  public String cache = "";

  @Param({"1", "all"})
  public String threads = "";

  private VectorBackend cpu;
  private KvCache kv;
  private TokenBatch batch;
  private HostActivations q;
  private HostActivations out;
  private AttentionShape shape;
  private long bytes;

  /** Fills the cache and checks one result. */
  @Setup
  public void setUp() {
    Inputs inputs = new Inputs();
    int[] geometry = Inputs.numbers(heads, 3);
    int pages = (context + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
    KvShape cached = new KvShape(pages, geometry[1], geometry[2], KvFormat.valueOf(cache));
    bytes = 2L * context * cached.kvHeads() * cached.format().rowBytes(cached.headSize());
    shape = AttentionShape.of(geometry[0], (float) (1 / Math.sqrt(cached.headSize())));
    q = inputs.activations(1, shape.heads() * cached.headSize());
    out = new HostActivations(1, q.cols());
    batch = new TokenBatch(context, pages);
    int[] order = inputs.shuffled(pages);
    HostActivations k = inputs.activations(context, cached.kvHeads() * cached.headSize());
    HostActivations v = inputs.activations(context, k.cols());
    cpu = new VectorBackend(threads);
    kv = filled(cpu.kernels(), cached, order, k, v);
    check(cached, order, k, v);
  }

  /** A cache that holds {@code k} and {@code v}; the batch is left with the last token alone. */
  private KvCache filled(
      Kernels kernels, KvShape cached, int[] pages, HostActivations k, HostActivations v) {
    KvCache filled = kernels.kvCache(cached);
    batch.clear();
    int firstPage = batch.addPages(pages, pages.length);
    for (int position = 0; position < context; position++) {
      batch.add(0, position, firstPage);
    }
    kernels.append(k, v, batch, filled);
    batch.clear();
    batch.add(0, context - 1, batch.addPages(pages, pages.length));
    return filled;
  }

  private void check(KvShape cached, int[] pages, HostActivations k, HostActivations v) {
    HostActivations expected = new HostActivations(1, q.cols());
    try (Kernels reference = Kernels.reference();
        KvCache oracle = filled(reference, cached, pages, k, v)) {
      reference.attention(q, batch, oracle, shape, null, expected);
    }
    cpu.kernels().attention(q, batch, kv, shape, null, out);
    Check.close("attention to " + context, expected, out, 1, Check.ROUNDING);
  }

  @Benchmark
  public HostActivations attend(Traffic traffic) {
    cpu.kernels().attention(q, batch, kv, shape, null, out);
    traffic.bytes += bytes;
    return out;
  }

  @TearDown
  public void tearDown() {
    kv.close();
    cpu.close();
  }
}
