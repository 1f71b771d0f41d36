package dev.thermocline.predictor.training;

import dev.thermocline.predictor.profile.NeuronSamples;

/**
 * Samples as the net sees them: every input feature is divided by its root mean square, which is
 * folded back into the trained weights; neurons have a base rate, and active ones a weight that
 * grows with their output.
 */
final class TrainingSet {
  /** Outputs far above or below the layer's mean count no more than this, or than its inverse. */
  private static final float MOST_WEIGHT = 4;

  private final NeuronSamples samples;
  private final float[] inverseRms;
  private final float[] downNorms;
  private final float meanOutput;
  private final float[] baseLogits;
  private final float negativeWeight;

  TrainingSet(NeuronSamples samples, float[] downNorms) {
    this.samples = samples;
    this.downNorms = downNorms;
    this.inverseRms = inverseRms(samples);
    // Inactive neurons outnumber active ones and weigh less for it, as in DejaVu's recipe; half of
    // its weight predicted fewer neurons at equal CETT on the default model.
    this.negativeWeight = 0.5f * (float) samples.activeShare() + 0.005f;
    this.meanOutput = meanOutput();
    this.baseLogits = logitsOfBaseRates();
  }

  private static float[] inverseRms(NeuronSamples samples) {
    double[] sums = new double[samples.width()];
    for (int s = 0; s < samples.size(); s++) {
      float[] row = samples.input(s);
      for (int c = 0; c < sums.length; c++) {
        sums[c] += (double) row[c] * row[c];
      }
    }
    float[] inverse = new float[sums.length];
    for (int c = 0; c < inverse.length; c++) {
      inverse[c] = sums[c] > 0 ? (float) Math.sqrt(samples.size() / sums[c]) : 0;
    }
    return inverse;
  }

  private float meanOutput() {
    double sum = 0;
    long count = 0;
    for (int s = 0; s < samples.size(); s++) {
      int[] active = samples.active(s);
      for (int e = 0; e < active.length; e++) {
        sum += Math.abs(samples.hidden(s)[e]) * downNorms[active[e]];
      }
      count += active.length;
    }
    return count == 0 ? 1 : (float) Math.max(sum / count, Float.MIN_NORMAL);
  }

  private float[] logitsOfBaseRates() {
    long[] counts = new long[samples.neurons()];
    for (int s = 0; s < samples.size(); s++) {
      for (int neuron : samples.active(s)) {
        counts[neuron]++;
      }
    }
    float[] logits = new float[counts.length];
    for (int i = 0; i < logits.length; i++) {
      double rate = (counts[i] + 0.5) / (samples.size() + 1.0);
      logits[i] = (float) Math.log(rate / ((1 - rate) * negativeWeight));
    }
    return logits;
  }

  int size() {
    return samples.size();
  }

  int width() {
    return samples.width();
  }

  int neurons() {
    return samples.neurons();
  }

  float[] inverseRms() {
    return inverseRms;
  }

  /** Per neuron the output of a net that knows nothing but how often the neuron fires. */
  float[] baseLogits() {
    return baseLogits.clone();
  }

  float negativeWeight() {
    return negativeWeight;
  }

  /** Writes a sample's scaled input. */
  void input(int sample, float[] out) {
    float[] row = samples.input(sample);
    for (int c = 0; c < row.length; c++) {
      out[c] = row[c] * inverseRms[c];
    }
  }

  int[] active(int sample) {
    return samples.active(sample);
  }

  /** Weight of an active neuron in the loss. */
  float positiveWeight(int sample, int entry) {
    float output =
        Math.abs(samples.hidden(sample)[entry]) * downNorms[samples.active(sample)[entry]];
    return Math.clamp(output / meanOutput, 1 / MOST_WEIGHT, MOST_WEIGHT);
  }
}
