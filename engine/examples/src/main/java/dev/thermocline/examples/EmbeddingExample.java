package dev.thermocline.examples;

import dev.thermocline.engine.api.LocalModel;
import java.util.List;

/** Finds the text that is nearest to a question. */
public final class EmbeddingExample {
  private EmbeddingExample() {}

  public static void main(String[] args) throws Exception {
    List<String> texts = List.of("The king had a daughter.", "It rained all night.", "A fox.");
    try (LocalModel model = LocalModel.open(Examples.model(args))) {
      float[] question = model.embed("Who was the princess?");
      for (String text : texts) {
        // Vectors have length 1, so that this is the cosine.
        System.out.printf("%.3f  %s%n", dot(question, model.embed(text)), text);
      }
      System.out.println(model.countTokens(texts.getFirst()) + " tokens in the first");
    }
  }

  private static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
