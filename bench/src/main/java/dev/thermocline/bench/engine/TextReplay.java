package dev.thermocline.bench.engine;

import dev.thermocline.bench.Check;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.run.EngineRunner;
import dev.thermocline.engine.run.LayerStatistics;
import dev.thermocline.engine.run.ModelRunner;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Model;
import java.util.Arrays;

/**
 * One text decoded over and over, one token per step, so that every round does the same work. The
 * text is the model's own: greedy, from the beginning-of-text token on. For one thread.
 */
final class TextReplay implements AutoCloseable {
  /** Tokens of the text; a step sees half of them before it on average. */
  static final int TOKENS = 64;

  private static final int CHECKED = 4;

  /** Mean squared error over mean square of the logits: float rounding in all layers. */
  private static final double ROUNDING = 1e-11;

  /** The same where Q8_0 down projections were transposed, which rounds their weights to F16. */
  private static final double TRANSPOSED = 1e-8;

  private final Model model;
  private final EngineRunner engine;
  private final TokenBatch batch = new TokenBatch(1, TOKENS / TokenBatch.PAGE);
  private final int[] pages = new int[TOKENS / TokenBatch.PAGE];
  private final int[] rows = {0};
  private final int[] text = new int[TOKENS];
  private final double bytesPerToken;
  private int position;

  /**
   * Loads the model, generates the text and checks its start against the reference.
   *
   * @throws IllegalStateException if the two differ by more than rounding
   * @throws dev.thermocline.kernels.cuda.CudaUnavailableException if the options ask for a GPU and
   *     there is none
   */
  TextReplay(Model model, EngineOptions options) {
    this.model = model;
    this.engine = EngineRunner.load(model, options.withContext(TOKENS).withBatch(1));
    for (int page = 0; page < pages.length; page++) {
      pages[page] = page;
    }
    try {
      LayerStatistics before = engine.statistics();
      HostActivations checked = generate();
      bytesPerToken = engine.bytesPerToken(before, engine.statistics());
      check(checked, tolerance(options));
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** Fills {@link #text} and returns the logits of its first tokens. */
  private HostActivations generate() {
    HostActivations first = new HostActivations(CHECKED, model.config().nVocab());
    text[0] = (int) model.gguf().metadata().integer("tokenizer.ggml.bos_token_id", 1);
    for (int i = 0; i < TOKENS; i++) {
      float[] logits = step().values();
      if (i < CHECKED) {
        System.arraycopy(logits, 0, first.values(), first.offset(i), first.cols());
      }
      if (i + 1 < TOKENS) {
        text[i + 1] = largest(logits, first.cols());
      }
    }
    return first;
  }

  private static int largest(float[] values, int count) {
    int largest = 0;
    for (int i = 1; i < count; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  private double tolerance(EngineOptions options) {
    Tensor down = model.feedForwardWeights(0).down();
    boolean quantized = down != null && down.format().blockElements() > 1;
    return quantized && options.sparse() != SparseMode.OFF ? TRANSPOSED : ROUNDING;
  }

  private void check(HostActivations actual, double tolerance) {
    try (ReferenceDecoder reference = new ReferenceDecoder(model)) {
      HostActivations expected = reference.logits(Arrays.copyOf(text, CHECKED));
      Check.close("logits of " + engine.summary(), expected, actual, CHECKED, tolerance);
    }
  }

  /** Decodes the next token of the text and returns the logits after it; they are overwritten. */
  HostActivations step() {
    batch.clear();
    batch.add(text[position], position, batch.addPages(pages, pages.length));
    position = position + 1 == TOKENS ? 0 : position + 1;
    ModelRunner runner = engine.runner();
    runner.forward(batch);
    return runner.logits(rows, 0, 1);
  }

  /** A copy of the text. */
  int[] text() {
    return text.clone();
  }

  /** Mean bytes of weights that a token reads. */
  long bytesPerToken() {
    return Math.round(bytesPerToken);
  }

  @Override
  public void close() {
    engine.close();
  }
}
