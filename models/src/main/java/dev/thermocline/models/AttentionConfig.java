package dev.thermocline.models;

/**
 * Heads of a model and what they see.
 *
 * @param nHead query heads
 * @param nKvHead key-value heads
 * @param headSize elements of a head's query and key
 * @param valueSize elements of a head's value
 * @param scale factor of the dot products
 * @param softCap bound of the scores, 0 for none
 * @param window which layers see only the last positions
 */
public record AttentionConfig(
    int nHead,
    int nKvHead,
    int headSize,
    int valueSize,
    float scale,
    float softCap,
    SlidingWindow window) {

  int longestHead() {
    return Math.max(headSize, valueSize);
  }
}
