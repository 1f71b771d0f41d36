package dev.thermocline.engine.run;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.models.layers.Embedding;
import dev.thermocline.models.layers.RotaryPositions;
import java.lang.foreign.MemorySegment;

/**
 * One forward pass over a batch. The residual stream starts on the host and moves between backends
 * only where the next layer's attention lives elsewhere.
 */
public final class ModelRunner implements AutoCloseable {
  private final LoadedLayers layers;
  private final Embedding embedding;
  private final RunnerHead head;
  private final RotaryPositions rope;
  private final RotaryPositions turns;
  private final TokenBatch shift = new TokenBatch(1, 1);
  private final Kernels cpu;
  private final HostActivations hidden;

  /** Takes ownership of the layers, the embedding, which is the CPU's, and the head. */
  public ModelRunner(
      Kernels cpu,
      LoadedLayers layers,
      Embedding embedding,
      RunnerHead head,
      RotaryPositions rope,
      int nEmbd,
      int maxTokens) {
    this.cpu = cpu;
    this.layers = layers;
    this.embedding = embedding;
    this.head = head;
    this.rope = rope;
    this.turns = rope.again();
    this.hidden = new HostActivations(maxTokens, nEmbd);
  }

  /** Most rows that {@link #logits} computes at a time. */
  public int logitRows() {
    return RunnerHead.ROWS;
  }

  /** Computes the batch's residual stream and stores its keys and values. */
  public void forward(TokenBatch batch) {
    layers.clock().begin(batch.size());
    rope.prepare(batch);
    embedding.forward(batch, hidden);
    Activations stream = hidden;
    for (int layer = 0; layer < layers.count(); layer++) {
      stream = move(stream, layers.kernels(layer), batch.size());
      layers.forward(layer, stream, batch, rope.of(layer));
    }
    move(stream, cpu, batch.size());
  }

  /**
   * Moves positions in the caches of all layers and turns their keys accordingly.
   *
   * @param moves of sources and targets, as {@link Kernels#move} has them
   * @param distance by how much every one of them moves up
   */
  public void move(TokenBatch moves, int distance) {
    shift.clear();
    shift.add(0, -distance, 0);
    turns.prepare(shift);
    for (int layer = 0; layer < layers.count(); layer++) {
      layers.move(layer, moves, distance == 0 ? null : turns.of(layer));
    }
  }

  /** Bytes of a page of all layers. */
  public long pageBytes() {
    return layers.pageBytes();
  }

  /** Copies a page of all layers to the host, one layer after the other, and waits for it. */
  public void readPage(int page, MemorySegment to) {
    layers.readPage(page, to);
  }

  /** Takes the content of a page over, as {@link #readPage} gave it. */
  public void writePage(int page, MemorySegment from) {
    layers.writePage(page, from);
  }

  /** Brings the residual stream to where the next layer's attention is. */
  private Activations move(Activations stream, Kernels target, int n) {
    Activations there = target == cpu ? hidden : layers.deviceHidden();
    if (there == stream) {
      return stream;
    }
    Kernels device = layers.device();
    if (target == cpu) {
      device.download(stream, n, hidden);
      layers.clock().await(device);
    } else {
      device.upload(hidden, n, there);
    }
    return there;
  }

  /**
   * Logits of some rows of the last batch.
   *
   * @param rows of the batch; {@code count} from {@code from} on
   * @param count at most {@link #logitRows}
   * @return {@code [count][n_vocab]}, overwritten by the next call
   */
  public HostActivations logits(int[] rows, int from, int count) {
    return head.logits(hidden, rows, from, count);
  }

  /**
   * What the output matrix gets of some rows of the last batch: the residual stream after the final
   * norm.
   *
   * @param rows of the batch; {@code count} from {@code from} on
   * @param count at most {@link #logitRows}
   * @return {@code [count][n_embd]}, overwritten by the next call
   */
  public HostActivations normed(int[] rows, int from, int count) {
    return head.normed(hidden, rows, from, count);
  }

  /** The layers, for statistics. */
  public LoadedLayers layers() {
    return layers;
  }

  @Override
  public void close() {
    layers.close();
    head.close();
    embedding.close();
  }
}
