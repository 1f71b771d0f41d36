package dev.thermocline.cli.inspect;

import dev.thermocline.cli.Bytes;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.ExpertWeights;
import dev.thermocline.models.layers.FeedForwardWeights;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model's parts as bars: how many bytes are where, equal layers in one line. */
public final class LayerPicture {
  private static final int WIDTH = 40;
  private static final String OTHER = "▒";
  private static final String FEED_FORWARD = "█";

  /** A line: some equal layers, or the embedding or the head. */
  private record Part(String name, long other, long feedForward, String note) {
    long bytes() {
      return other + feedForward;
    }

    boolean looksLike(Part next) {
      return other == next.other && feedForward == next.feedForward && note.equals(next.note);
    }
  }

  private final Model model;
  private final List<Part> parts = new ArrayList<>();

  /** Draws a model. */
  public LayerPicture(Model model) {
    this.model = model;
    ModelConfig config = model.config();
    String table = String.format(Locale.ROOT, "%,d tokens", config.nVocab());
    parts.add(new Part("embedding", model.embeddingBytes(), 0, table));
    addLayers();
    parts.add(
        model.tiedOutput()
            ? new Part("head", 0, 0, "the embedding again")
            : new Part("head", model.headBytes(), 0, table));
  }

  private void addLayers() {
    int from = 0;
    Part first = layer(0);
    for (int layer = 1; layer <= model.config().nLayer(); layer++) {
      Part next = layer < model.config().nLayer() ? layer(layer) : null;
      if (next == null || !first.looksLike(next)) {
        parts.add(new Part(name(from, layer - 1), first.other, first.feedForward, first.note));
        from = layer;
        first = next == null ? first : next;
      }
    }
  }

  private static String name(int from, int to) {
    return from == to ? "layer " + from : "layers " + from + "-" + to;
  }

  private Part layer(int layer) {
    return new Part(
        "",
        model.attentionBytes(layer),
        model.feedForwardBytes(layer),
        attention() + "; " + feedForward(layer));
  }

  private String attention() {
    ModelConfig config = model.config();
    return config.nHead() + " heads, " + config.nKvHead() + " of keys";
  }

  private String feedForward(int layer) {
    ExpertWeights experts = model.expertWeights(layer);
    if (experts == null) {
      return neurons(model.feedForwardWeights(layer));
    }
    ExpertConfig config = experts.config();
    return config.used()
        + " of "
        + config.count()
        + " experts of "
        + neurons(experts.experts().getFirst())
        + (experts.shared() == null ? "" : ", one shared");
  }

  private static String neurons(FeedForwardWeights block) {
    return String.format(
        Locale.ROOT,
        "%,d neurons, %s%s%s",
        block.neurons(),
        block.gate() == null ? "" : "gated ",
        block.activation().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        block.separable() && block.activation().exactlySparse() ? ", exactly sparse" : "");
  }

  /** Writes the lines. */
  public void print(PrintStream out) {
    long most = parts.stream().mapToLong(Part::bytes).max().orElse(1);
    for (Part part : parts) {
      String bar = bar(OTHER, part.other, most) + bar(FEED_FORWARD, part.feedForward, most);
      out.printf(
          Locale.ROOT,
          "  %-13s %-" + WIDTH + "s %10s  %s%n",
          part.name,
          bar,
          part.bytes() == 0 ? "" : Bytes.format(part.bytes()),
          part.note);
    }
    out.printf(
        "  %-13s %s feed-forward, %s all else; a line of several layers shows one of them%n",
        "", FEED_FORWARD, OTHER);
  }

  /** Something is seen of everything that is there. */
  private static String bar(String block, long bytes, long most) {
    long length = Math.round((double) bytes * WIDTH / most);
    return block.repeat((int) (bytes > 0 ? Math.max(1, Math.min(length, WIDTH - 1)) : 0));
  }
}
