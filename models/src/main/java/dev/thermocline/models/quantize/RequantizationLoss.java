package dev.thermocline.models.quantize;

/**
 * How far a requantized weight is from the original.
 *
 * @param elements number of elements
 * @param squaredError sum of the squared differences
 * @param squaredValues sum of the squared originals
 * @param maxError largest difference
 * @param maxValue largest original magnitude
 */
public record RequantizationLoss(
    long elements, double squaredError, double squaredValues, double maxError, double maxValue) {

  /** Nothing was changed. */
  public static final RequantizationLoss NONE = new RequantizationLoss(0, 0, 0, 0, 0);

  /** The loss of {@code decoded}, which stands for {@code values[offset ...]}. */
  public static RequantizationLoss between(float[] values, int offset, float[] decoded) {
    double squaredError = 0;
    double squaredValues = 0;
    double maxError = 0;
    double maxValue = 0;
    for (int i = 0; i < decoded.length; i++) {
      double value = values[offset + i];
      double error = Math.abs(value - decoded[i]);
      squaredError += error * error;
      squaredValues += value * value;
      maxError = Math.max(maxError, error);
      maxValue = Math.max(maxValue, Math.abs(value));
    }
    return new RequantizationLoss(decoded.length, squaredError, squaredValues, maxError, maxValue);
  }

  /** Root of the mean squared difference over that of the originals. */
  public double relativeRms() {
    return squaredValues == 0 ? 0 : Math.sqrt(squaredError / squaredValues);
  }

  /** Largest difference over the largest original. */
  public double relativeMax() {
    return maxValue == 0 ? 0 : maxError / maxValue;
  }

  /** The loss of both together. */
  public RequantizationLoss plus(RequantizationLoss other) {
    return new RequantizationLoss(
        elements + other.elements,
        squaredError + other.squaredError,
        squaredValues + other.squaredValues,
        Math.max(maxError, other.maxError),
        Math.max(maxValue, other.maxValue));
  }
}
