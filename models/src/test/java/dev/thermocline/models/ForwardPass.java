package dev.thermocline.models;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.layers.Embedding;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.OutputHead;
import dev.thermocline.models.layers.RotaryPositions;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.models.layers.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The smallest engine: one sequence, dense, one backend. */
public final class ForwardPass implements AutoCloseable {
  private final Kernels kernels;
  private final int nVocab;
  private final Workspace workspace;
  private final RotaryPositions rope;
  private final Embedding embedding;
  private final OutputHead head;
  private final List<FeedForward> feedForwards = new ArrayList<>();
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final List<KvCache> caches = new ArrayList<>();
  private final Activations hidden;
  private final Activations logits;
  private final TokenBatch batch;
  private final int[] pages;
  private int position;

  /** Loads a model into a backend. */
  public ForwardPass(Model model, Kernels kernels, int maxTokens) {
    ModelConfig config = model.config();
    Workspace ws = new Workspace(kernels, config, maxTokens);
    this(model, kernels, maxTokens, ws, dense(model, kernels, ws));
  }

  private static IntFunction<FeedForward> dense(Model model, Kernels kernels, Workspace ws) {
    var buffers = model.expertBuffers(ws.maxTokens());
    return layer -> model.denseFeedForward(layer, kernels, ws, buffers, LinearFactory.DENSE);
  }

  ForwardPass(
      Model model,
      Kernels kernels,
      int maxTokens,
      Workspace workspace,
      IntFunction<FeedForward> feedForward) {
    ModelConfig config = model.config();
    this.kernels = kernels;
    this.nVocab = config.nVocab();
    this.workspace = workspace;
    this.rope = model.rope(config.contextLength(), maxTokens);
    this.embedding = model.embedding(kernels, maxTokens);
    this.head = model.head(kernels);
    int pageCount = (config.contextLength() + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
    this.pages = new int[pageCount];
    for (int i = 0; i < pageCount; i++) {
      // Any order will do; this one shows mistakes.
      pages[i] = pageCount - 1 - i;
    }
    for (int layer = 0; layer < config.nLayer(); layer++) {
      feedForwards.add(feedForward.apply(layer));
      blocks.add(model.block(layer, kernels, feedForwards.get(layer)));
      caches.add(kernels.kvCache(config.kvShape(pageCount, KvFormat.F32)));
    }
    this.hidden = kernels.activations(maxTokens, config.nEmbd());
    this.logits = kernels.activations(maxTokens, nVocab);
    this.batch = new TokenBatch(maxTokens, pageCount);
  }

  /** Logits after each of the tokens, {@code [tokens][n_vocab]}, which continue the sequence. */
  public float[] forward(int... tokens) {
    batch.clear();
    int first = batch.addPages(pages, pages.length);
    for (int token : tokens) {
      batch.add(token, position++, first);
    }
    rope.prepare(batch);
    embedding.forward(batch, hidden);
    for (int layer = 0; layer < blocks.size(); layer++) {
      blocks.get(layer).forward(hidden, batch, caches.get(layer), rope.of(layer), workspace);
    }
    head.forward(hidden, tokens.length, workspace.normed(), logits);
    HostActivations out = new HostActivations(tokens.length, nVocab);
    kernels.download(logits, tokens.length, out);
    kernels.synchronize();
    return out.values();
  }

  /** The cache of a layer; its pages are in descending order. */
  public KvCache cache(int layer) {
    return caches.get(layer);
  }

  /** Slot of a position. */
  public int slot(int position) {
    return pages[position / TokenBatch.PAGE] * TokenBatch.PAGE + position % TokenBatch.PAGE;
  }

  /** Goes on at a position, as if what precedes it had been fed. */
  public void continueAt(int next) {
    position = next;
  }

  /** Logits of each token, fed one at a time. */
  float[] forwardOneByOne(int... tokens) {
    float[] all = new float[tokens.length * nVocab];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(forward(tokens[i]), 0, all, i * nVocab, nVocab);
    }
    return all;
  }

  @Override
  public void close() {
    blocks.forEach(TransformerBlock::close);
    feedForwards.forEach(FeedForward::close);
    caches.forEach(KvCache::close);
    embedding.close();
    head.close();
    workspace.close();
    hidden.close();
    logits.close();
  }
}
