package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.LayerProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns an {@link Overlay} into metadata and tensors, and back. Decoding trusts nothing: it
 * allocates only what tensors of the container prove to be there, and every fault is one line.
 */
public final class OverlayCodec {
  /** Value of {@code general.architecture}. */
  public static final String ARCHITECTURE = "thermocline-overlay";

  static final String ARCHITECTURE_KEY = "general.architecture";
  static final String VERSION = "thermocline.version";
  static final String DIGEST = "thermocline.model.sha256";
  static final String TOKENS = "thermocline.profile.tokens";
  static final String NEURONS = "thermocline.profile.neurons";
  static final String LOW_RANK = "thermocline.low_rank.";
  static final String RESIDUAL = "residual";
  static final String NORMED = "normed";
  static final String WINA = "thermocline.wina.";
  static final String QUALITY = "thermocline.quality.";

  private OverlayCodec() {}

  /** The overlay as a container; tensors of predictors are shared, not copied. */
  public static EncodedOverlay encode(Overlay overlay) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    List<Tensor> tensors = new ArrayList<>();
    metadata.put(ARCHITECTURE_KEY, ARCHITECTURE);
    metadata.put(VERSION, (long) Overlay.VERSION);
    metadata.put(DIGEST, overlay.modelDigest());
    List<LayerProfile> profiles = overlay.profile().layers();
    metadata.put(TOKENS, profiles.stream().mapToLong(LayerProfile::tokens).toArray());
    metadata.put(NEURONS, profiles.stream().mapToLong(LayerProfile::neurons).toArray());
    for (int l = 0; l < profiles.size(); l++) {
      encodeLayer(l, profiles.get(l), overlay.layers().get(l), metadata, tensors);
    }
    encodeWina(overlay.wina(), metadata, tensors);
    encodeQuality(overlay.quality(), metadata);
    return new EncodedOverlay(metadata, tensors);
  }

  private static void encodeLayer(
      int layer,
      LayerProfile profile,
      LayerSelectors fitted,
      Map<String, Object> metadata,
      List<Tensor> tensors) {
    String prefix = "blk." + layer + ".";
    int n = profile.neurons();
    float[] rows = new float[Math.multiplyExact(3, n)];
    for (int i = 0; i < n; i++) {
      rows[i] = profile.count(i);
      rows[n + i] = Floats.finite(profile.energy(i));
      rows[2 * n + i] = Floats.finite(profile.absUp(i));
    }
    tensors.add(Floats.tensor(prefix + "profile", 3, n, rows));
    LowRankParameters lowRank = fitted.lowRank();
    if (lowRank != null) {
      metadata.put(
          LOW_RANK + layer + ".input",
          lowRank.input() == SelectorInput.RESIDUAL ? RESIDUAL : NORMED);
      metadata.put(LOW_RANK + layer + ".threshold", (double) lowRank.threshold());
      tensors.add(Floats.renamed(prefix + "fc1.weight", lowRank.fc1()));
      tensors.add(Floats.renamed(prefix + "fc2.weight", lowRank.fc2()));
    }
    Tensor cutoffs = fitted.energyCutoffs();
    if (cutoffs != null) {
      tensors.add(Floats.renamed(prefix + "energy.cutoffs", cutoffs));
    }
  }

  private static void encodeWina(
      List<WinaParameters> wina, Map<String, Object> metadata, List<Tensor> tensors) {
    metadata.put(WINA + "count", (long) wina.size());
    for (int i = 0; i < wina.size(); i++) {
      WinaParameters linear = wina.get(i);
      metadata.put(WINA + i + ".linear", linear.linear());
      metadata.put(WINA + i + ".threshold", (double) linear.threshold());
      metadata.put(WINA + i + ".sparsity", linear.sparsity());
      tensors.add(Floats.renamed("wina." + i + ".norms", linear.columnNorms()));
    }
  }

  private static void encodeQuality(List<QualityReport> reports, Map<String, Object> metadata) {
    metadata.put(QUALITY + "count", (long) reports.size());
    for (int i = 0; i < reports.size(); i++) {
      QualityReport report = reports.get(i);
      metadata.put(QUALITY + i + ".mode", report.mode());
      metadata.put(QUALITY + i + ".tokens", report.tokens());
      metadata.put(
          QUALITY + i + ".values",
          new double[] {
            report.kl(),
            report.top1Agreement(),
            report.densePerplexity(),
            report.sparsePerplexity(),
            report.activeShare(),
            report.bytesPerToken()
          });
    }
  }

  /**
   * Reads an overlay back.
   *
   * @param modelDigest SHA-256 of the model file it is to be used with
   * @throws OverlayException if it is stale or damaged
   */
  public static Overlay decode(EncodedOverlay encoded, String modelDigest) throws OverlayException {
    OverlayReader reader = new OverlayReader(encoded);
    String architecture = reader.string(ARCHITECTURE_KEY);
    if (!architecture.equals(ARCHITECTURE)) {
      throw OverlayException.damaged(
          ARCHITECTURE_KEY, "expected " + ARCHITECTURE + ", got '" + architecture + "'");
    }
    long version = reader.integer(VERSION, 0, Long.MAX_VALUE);
    if (version != Overlay.VERSION) {
      throw OverlayException.damaged(
          VERSION, "expected version " + Overlay.VERSION + ", got " + version);
    }
    String digest = reader.string(DIGEST);
    if (!digest.matches("[0-9a-f]{64}")) {
      throw OverlayException.damaged(
          DIGEST, "expected 64 hexadecimal digits, got '" + digest + "'");
    }
    if (!digest.equals(modelDigest)) {
      throw OverlayException.stale(modelDigest, digest);
    }
    Overlay overlay = new OverlayDecoder(reader).overlay(digest);
    reader.checkAllUsed();
    return overlay;
  }
}
