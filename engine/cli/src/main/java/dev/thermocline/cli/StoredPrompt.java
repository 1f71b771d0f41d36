package dev.thermocline.cli;

import dev.thermocline.engine.Generation;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.PromptCacheException;
import dev.thermocline.kernels.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The file of {@code --prompt-cache}: read before a text is continued, written after it. */
final class StoredPrompt {
  private final InferenceEngine engine;
  private final Path file;
  private final int[] loaded;

  private StoredPrompt(InferenceEngine engine, Path file, int[] loaded) {
    this.engine = engine;
    this.file = file;
    this.loaded = loaded;
  }

  /**
   * Reads the file if there is one. One that does not fit is left aside, in one line, and replaced
   * in the end.
   *
   * @throws PromptCacheException if it is something else, which must not be replaced
   */
  static StoredPrompt load(InferenceEngine engine, Path file) throws IOException {
    int[] tokens = {};
    if (Files.exists(file)) {
      try {
        tokens = engine.loadCache(file);
      } catch (PromptCacheException e) {
        if (e.isForeign()) {
          throw e;
        }
        System.err.println("thermocline: prompt cache not used: " + e.getMessage());
      }
    }
    return new StoredPrompt(engine, file, tokens);
  }

  /** Writes what is known of the text now, unless the file has all of it. */
  void save(int[] prompt, Generation generation) throws IOException, InterruptedException {
    int[] answer = generation.awaitAll();
    int[] text = Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, text, prompt.length, answer.length);
    int mismatch = Arrays.mismatch(loaded, text);
    int common = mismatch < 0 ? text.length : mismatch;
    // The last token is not computed, and only whole pages are stored.
    int storable = (text.length - 1) / TokenBatch.PAGE * TokenBatch.PAGE;
    // What moved up is no longer the beginning of a text.
    if (common < storable && engine.cacheStatistics().shifts() == 0) {
      engine.saveCache(text, file);
    }
  }
}
