package dev.thermocline.models.layers;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.models.ExpertConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward block whose tokens each go to a few of many experts (Shazeer et al., 2017). What
 * an expert is, and where it computes, is its own affair; the tokens that it gets are gathered and
 * their outputs weighed in the host's memory, expert after expert, so that a sum is always in the
 * same order.
 */
public final class MixtureOfExperts implements FeedForward {
  private final ExpertConfig config;
  private final Linear router;
  private final List<FeedForward> experts;
  private final @Nullable FeedForward shared;
  private final @Nullable Linear sharedGate;
  private final Buffers buffers;
  private final Routing routing;
  private long tokens;

  /**
   * What passes through the experts, shared by all layers, allocated once.
   *
   * @param in {@code [tokens][n_embd]}, the tokens of one expert
   * @param out {@code [tokens][n_embd]}, its outputs
   * @param logits {@code [tokens][experts]}, the router's outputs
   * @param gate {@code [tokens][1]}, the shared expert's weight
   */
  public record Buffers(
      HostActivations in, HostActivations out, HostActivations logits, HostActivations gate) {

    /** Allocates for batches of {@code tokens}. */
    public static Buffers of(int tokens, int nEmbd, ExpertConfig config) {
      return new Buffers(
          new HostActivations(tokens, nEmbd),
          new HostActivations(tokens, nEmbd),
          new HostActivations(tokens, config.count()),
          new HostActivations(tokens, 1));
    }
  }

  /**
   * Joins the parts and takes ownership of the experts.
   *
   * @param cpu a backend on the host, which does the routing
   * @param experts as many as the weights have; they read and add in the host's memory
   * @param shared the expert of every token, where the weights have one
   */
  public MixtureOfExperts(
      Kernels cpu,
      ExpertWeights weights,
      List<? extends FeedForward> experts,
      @Nullable FeedForward shared,
      Buffers buffers) {
    this.config = weights.config();
    this.experts = List.copyOf(experts);
    this.shared = shared;
    this.buffers = buffers;
    this.routing = new Routing(config, buffers.in().tokens());
    this.router = LinearFactory.DENSE.load(cpu, weights.router(), weights.routerBias());
    this.sharedGate =
        weights.sharedGate() == null
            ? null
            : LinearFactory.DENSE.load(cpu, weights.sharedGate(), null);
  }

  @Override
  public void prepare(Activations layerInput, int n) {
    if (config.early()) {
      route(layerInput, n);
    }
  }

  @Override
  public void forward(Activations residual, Activations normed, int n, Activations out) {
    tokens += n;
    if (!config.early()) {
      route(normed, n);
    }
    HostActivations from = (HostActivations) normed;
    HostActivations to = (HostActivations) out;
    if (shared != null) {
      weighShared(normed, n);
    }
    for (int e = 0; e < experts.size(); e++) {
      expert(e, from, n, to);
    }
    if (shared != null) {
      addShared(shared, from, n, to);
    }
  }

  private void route(Activations x, int n) {
    HostActivations logits = buffers.logits();
    router.forward(x, n, logits);
    for (int t = 0; t < n; t++) {
      routing.choose(t, logits.values(), logits.offset(t));
    }
  }

  private void expert(int e, HostActivations from, int n, HostActivations to) {
    HostActivations in = buffers.in();
    int count = 0;
    for (int t = 0; t < n; t++) {
      if (routing.weight(t, e) != 0) {
        int at = in.offset(count++);
        System.arraycopy(from.values(), from.offset(t), in.values(), at, from.cols());
      }
    }
    if (count == 0) {
      return;
    }
    buffers.out().clear(count);
    experts.get(e).forward(in, in, count, buffers.out());
    count = 0;
    for (int t = 0; t < n; t++) {
      float weight = routing.weight(t, e);
      if (weight != 0) {
        add(weight, count++, to, t);
      }
    }
  }

  /** Before anything is added to the output, which may be what the gate reads. */
  private void weighShared(Activations x, int n) {
    if (sharedGate != null) {
      sharedGate.forward(x, n, buffers.gate());
    }
  }

  private void addShared(FeedForward one, HostActivations from, int n, HostActivations to) {
    buffers.out().clear(n);
    one.forward(from, from, n, buffers.out());
    float[] gate = buffers.gate().values();
    for (int t = 0; t < n; t++) {
      add(sharedGate == null ? 1f : (float) (1 / (1 + Math.exp(-gate[t]))), t, to, t);
    }
  }

  /** {@code to[t] += weight * out[row]}. */
  private void add(float weight, int row, HostActivations to, int t) {
    float[] values = buffers.out().values();
    int at = buffers.out().offset(row);
    int target = to.offset(t);
    for (int c = 0; c < to.cols(); c++) {
      to.values()[target + c] += weight * values[at + c];
    }
  }

  /** The experts, the shared one last, for statistics. */
  public List<FeedForward> experts() {
    if (shared == null) {
      return experts;
    }
    var all = new java.util.ArrayList<>(experts);
    all.add(shared);
    return all;
  }

  /** Tokens so far. */
  public long tokens() {
    return tokens;
  }

  @Override
  public void close() {
    router.close();
    experts.forEach(FeedForward::close);
    if (shared != null) {
      shared.close();
    }
    if (sharedGate != null) {
      sharedGate.close();
    }
  }
}
