package dev.thermocline.engine.state;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.PromptCacheException;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.engine.schedule.Scheduler;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** Moves what is known of a text between the key-value caches and a file. For the decode thread. */
public final class PromptCache {
  private final Model model;
  private final Scheduler scheduler;
  private final ModelRunner runner;
  private final KvFormat format;
  private final Map<String, String> identity;

  /** Describes the caches of a loaded model. */
  public PromptCache(Model model, EngineOptions options, EngineRunner loaded, Scheduler scheduler)
      throws IOException {
    this.model = model;
    this.scheduler = scheduler;
    this.runner = loaded.runner();
    this.format = options.cache().format();
    this.identity = CacheIdentity.of(model, options, loaded);
  }

  /** Writes the longest known beginning of a text and returns how many tokens that is. */
  public int save(int[] tokens, Path file) throws IOException {
    int[] pages = scheduler.known(tokens);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(runner.pageBytes(), 64);
      new PromptCacheWriter(identity, page)
          .write(file, tokens, pages.length, (index, to) -> runner.readPage(pages[index], to));
      return pages.length * TokenBatch.PAGE;
    } finally {
      scheduler.giveBack(pages);
    }
  }

  /**
   * Makes the text of a file known, as far as there are pages, and returns its tokens.
   *
   * @throws PromptCacheException if the file cannot be used; nothing of it is known then
   */
  public int[] load(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        PromptCacheReader reader =
            new PromptCacheReader(file, identity, model.config().nVocab(), runner.pageBytes())) {
      int[] tokens = reader.tokens();
      int stored = tokens.length / TokenBatch.PAGE;
      int[] pages = scheduler.borrow(Math.min(stored, scheduler.pages()));
      boolean whole = false;
      try {
        MemorySegment page = arena.allocate(runner.pageBytes(), 64);
        for (int i = 0; i < stored; i++) {
          reader.next(page);
          FiniteValues.check(page, format, file);
          if (i < pages.length) {
            runner.writePage(pages[i], page);
          }
        }
        reader.verify();
        whole = true;
      } finally {
        if (!whole) {
          scheduler.giveBack(pages);
        }
      }
      scheduler.offer(tokens, pages);
      return tokens;
    }
  }
}
