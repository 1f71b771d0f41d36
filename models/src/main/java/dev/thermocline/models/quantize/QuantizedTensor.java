package dev.thermocline.models.quantize;

import dev.thermocline.models.gguf.GgufTensorInfo;

/**
 * What became of a tensor.
 *
 * @param source its description in the file that was read
 * @param type name of the type it was written as
 * @param bytes size as it was written
 * @param loss how far it is from the source; no elements if it was copied
 */
public record QuantizedTensor(
    GgufTensorInfo source, String type, long bytes, RequantizationLoss loss) {

  /** Root of the mean squared error, in units of the weights. */
  public double rmsError() {
    return loss.elements() == 0 ? 0 : Math.sqrt(loss.squaredError() / loss.elements());
  }
}
