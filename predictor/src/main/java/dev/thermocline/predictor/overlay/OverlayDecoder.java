package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds an overlay out of a container, part by part. */
final class OverlayDecoder {
  /** No model has more; bounds the loops over hostile counts. */
  private static final int MOST_LAYERS = 4096;

  private static final int MOST_LINEARS = 64 * MOST_LAYERS;
  private static final int MOST_REPORTS = 256;

  private final OverlayReader reader;

  OverlayDecoder(OverlayReader reader) {
    this.reader = reader;
  }

  Overlay overlay(String digest) throws OverlayException {
    long[] neurons = reader.integers(OverlayCodec.NEURONS, -1);
    if (neurons.length < 1 || neurons.length > MOST_LAYERS) {
      throw OverlayException.damaged(
          OverlayCodec.NEURONS, "expected 1 to " + MOST_LAYERS + " layers, got " + neurons.length);
    }
    long[] tokens = reader.integers(OverlayCodec.TOKENS, neurons.length);
    List<LayerProfile> profiles = new ArrayList<>();
    List<LayerSelectors> selectors = new ArrayList<>();
    for (int l = 0; l < neurons.length; l++) {
      String prefix = "blk." + l + ".";
      profiles.add(profile(prefix + "profile", tokens[l], neurons[l]));
      selectors.add(
          new LayerSelectors(
              lowRank(l, prefix, neurons[l]), cutoffs(prefix + "energy.cutoffs", neurons[l])));
    }
    return new Overlay(digest, new ActivationProfile(profiles), selectors, wina(), quality());
  }

  private LayerProfile profile(String name, long tokens, long neurons) throws OverlayException {
    Tensor tensor = reader.require(name);
    checkShape(tensor, 3, neurons);
    int n = tensor.cols();
    float[] row = new float[n];
    long[] counts = new long[n];
    tensor.decodeRow(0, row, 0);
    for (int i = 0; i < n; i++) {
      // Counts past 2^24 were rounded to float, as the bound is here.
      boolean possible = row[i] >= 0 && row[i] <= (float) tokens && row[i] == Math.rint(row[i]);
      counts[i] = possible ? Math.min((long) row[i], tokens) : -1;
    }
    try {
      return LayerProfile.of(tokens, counts, doubles(tensor, 1, row), doubles(tensor, 2, row));
    } catch (IllegalArgumentException e) {
      throw OverlayException.damaged(name, String.valueOf(e.getMessage()));
    }
  }

  private static double[] doubles(Tensor tensor, int row, float[] scratch) {
    tensor.decodeRow(row, scratch, 0);
    double[] values = new double[scratch.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = scratch[i];
    }
    return values;
  }

  private @Nullable LowRankParameters lowRank(int layer, String prefix, long neurons)
      throws OverlayException {
    Tensor fc1 = reader.take(prefix + "fc1.weight");
    if (fc1 == null) {
      return null;
    }
    Tensor fc2 = reader.require(prefix + "fc2.weight");
    checkShape(fc2, neurons, fc1.rows());
    checkValues(fc1, -Float.MAX_VALUE);
    checkValues(fc2, -Float.MAX_VALUE);
    String key = OverlayCodec.LOW_RANK + layer;
    double threshold = reader.decimal(key + ".threshold", -Float.MAX_VALUE, Float.MAX_VALUE);
    return new LowRankParameters(fc1, fc2, (float) threshold, input(key + ".input"));
  }

  private SelectorInput input(String key) throws OverlayException {
    String input = reader.string(key);
    return switch (input) {
      case OverlayCodec.RESIDUAL -> SelectorInput.RESIDUAL;
      case OverlayCodec.NORMED -> SelectorInput.NORMED;
      default ->
          throw OverlayException.damaged(key, "expected residual or normed, got '" + input + "'");
    };
  }

  private @Nullable Tensor cutoffs(String name, long neurons) throws OverlayException {
    Tensor tensor = reader.take(name);
    if (tensor != null) {
      checkShape(tensor, 1, neurons);
      checkValues(tensor, 0);
    }
    return tensor;
  }

  private List<WinaParameters> wina() throws OverlayException {
    long count = reader.integer(OverlayCodec.WINA + "count", 0, MOST_LINEARS);
    List<WinaParameters> linears = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String key = OverlayCodec.WINA + i;
      String linear = reader.string(key + ".linear");
      if (!names.add(linear)) {
        throw OverlayException.damaged(key + ".linear", "expected '" + linear + "' only once");
      }
      Tensor norms = reader.require("wina." + i + ".norms");
      checkShape(norms, 1, norms.cols());
      checkValues(norms, 0);
      double threshold = reader.decimal(key + ".threshold", 0, Float.MAX_VALUE);
      double sparsity = reader.decimal(key + ".sparsity", 0, 1);
      linears.add(new WinaParameters(linear, norms, (float) threshold, sparsity));
    }
    return linears;
  }

  private List<QualityReport> quality() throws OverlayException {
    long count = reader.integer(OverlayCodec.QUALITY + "count", 0, MOST_REPORTS);
    List<QualityReport> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = OverlayCodec.QUALITY + i;
      String mode = reader.string(key + ".mode");
      long tokens = reader.integer(key + ".tokens", 0, Long.MAX_VALUE);
      double[] v = reader.decimals(key + ".values", 6);
      try {
        reports.add(new QualityReport(mode, tokens, v[0], v[1], v[2], v[3], v[4], v[5]));
      } catch (IllegalArgumentException e) {
        throw OverlayException.damaged(key + ".values", String.valueOf(e.getMessage()));
      }
    }
    return reports;
  }

  private static void checkShape(Tensor tensor, long rows, long cols) throws OverlayException {
    if (tensor.rows() != rows || tensor.cols() != cols) {
      throw OverlayException.damaged(
          tensor.name(), "expected [" + rows + "][" + cols + "], got " + tensor.shape());
    }
  }

  /** Checks that all values are finite and at least {@code lowest}. */
  private static void checkValues(Tensor tensor, float lowest) throws OverlayException {
    float[] row = new float[tensor.cols()];
    for (int r = 0; r < tensor.rows(); r++) {
      tensor.decodeRow(r, row, 0);
      for (float value : row) {
        if (!(value >= lowest && value <= Float.MAX_VALUE)) {
          throw OverlayException.damaged(
              tensor.name(), "row " + r + ": expected finite values of its range, got " + value);
        }
      }
    }
  }
}
