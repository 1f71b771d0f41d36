package dev.thermocline.bench.engine;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.models.layers.Embedding;
import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.LinearFactory;
import dev.thermocline.models.layers.OutputHead;
import dev.thermocline.models.layers.RotaryPositions;
import dev.thermocline.models.layers.TransformerBlock;
import dev.thermocline.models.layers.Workspace;
import org.jspecify.annotations.Nullable;

/** The start of a text on the reference kernels, dense: what measured decoders must agree with. */
final class ReferenceDecoder implements AutoCloseable {
  private final Kernels kernels = Kernels.reference();
  private final Model model;
  private final Workspace workspace;

  ReferenceDecoder(Model model) {
    this.model = model;
    this.workspace = new Workspace(kernels, model.config(), TokenBatch.PAGE);
  }

  /**
   * Computes the logits after each of the tokens.
   *
   * @param tokens at most {@link TokenBatch#PAGE}
   * @return {@code [tokens][n_vocab]}
   */
  HostActivations logits(int[] tokens) {
    TokenBatch batch = new TokenBatch(tokens.length, 1);
    int firstPage = batch.addPages(new int[] {0}, 1);
    for (int position = 0; position < tokens.length; position++) {
      batch.add(tokens[position], position, firstPage);
    }
    RotaryPositions rope = model.rope(TokenBatch.PAGE, tokens.length);
    rope.prepare(batch);
    HostActivations hidden = new HostActivations(tokens.length, model.config().nEmbd());
    try (Embedding embedding = model.embedding(kernels, tokens.length)) {
      embedding.forward(batch, hidden);
    }
    for (int layer = 0; layer < model.config().nLayer(); layer++) {
      forward(layer, hidden, batch, rope.of(layer));
    }
    HostActivations logits = new HostActivations(tokens.length, model.config().nVocab());
    try (OutputHead head = model.head(kernels)) {
      head.forward(hidden, tokens.length, workspace.normed(), logits);
    }
    return logits;
  }

  private void forward(int layer, Activations hidden, TokenBatch batch, @Nullable Rope rope) {
    ModelConfig config = model.config();
    try (KvCache cache = kernels.kvCache(config.kvShape(1, KvFormat.F32));
        FeedForward feedForward =
            model.denseFeedForward(
                layer,
                kernels,
                workspace,
                model.expertBuffers(workspace.maxTokens()),
                LinearFactory.DENSE);
        TransformerBlock block = model.block(layer, kernels, feedForward)) {
      block.forward(hidden, batch, cache, rope, workspace);
    }
  }

  @Override
  public void close() {
    workspace.close();
    kernels.close();
  }
}
