package dev.thermocline.predictor.calibrate;

import java.util.List;
import java.util.Locale;

/**
 * Everything that a calibration found out, to be printed and kept.
 *
 * @param model name of the model
 * @param calibrationTokens tokens that profiles and fits were made from
 * @param modes whole-model results, the dense one not among them
 * @param layers per layer and selector
 */
public record CalibrationReport(
    String model, long calibrationTokens, List<QualityReport> modes, List<LayerReport> layers) {
  public CalibrationReport {
    modes = List.copyOf(modes);
    layers = List.copyOf(layers);
  }

  /** Two Markdown tables, readable as plain text too: the modes, then the layers. */
  public String render() {
    StringBuilder out = new StringBuilder();
    out.append(model)
        .append(": calibrated on ")
        .append(calibrationTokens)
        .append(" tokens\n\n")
        .append(modeTable());
    if (!layers.isEmpty()) {
      out.append('\n').append(layerTable());
    }
    return out.toString();
  }

  private String modeTable() {
    TextTable table =
        new TextTable("mode", "tokens", "KL", "top-1", "perplexity", "dense", "active", "MB/token");
    for (QualityReport mode : modes) {
      table.add(
          mode.mode(),
          Long.toString(mode.tokens()),
          number("%.5f", mode.kl()),
          percent(mode.top1Agreement()),
          number("%.3f", mode.sparsePerplexity()),
          number("%.3f", mode.densePerplexity()),
          percent(mode.activeShare()),
          number("%.3f", mode.bytesPerToken() / 1e6));
    }
    return table.render();
  }

  private String layerTable() {
    TextTable table =
        new TextTable("layer", "selector", "rank", "active", "kept", "recall", "CETT", "kB/token");
    for (LayerReport layer : layers) {
      table.add(
          Integer.toString(layer.layer()),
          layer.selector(),
          layer.rank() == 0 ? "-" : Integer.toString(layer.rank()),
          percent(layer.trueShare()),
          percent(layer.predictedShare()),
          percent(layer.recall()),
          number("%.4f", layer.cett()),
          number("%.1f", layer.bytesPerToken() / 1e3));
    }
    return table.render();
  }

  private static String percent(double share) {
    return number("%.1f %%", share * 100);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
