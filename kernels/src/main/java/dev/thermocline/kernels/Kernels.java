package dev.thermocline.kernels;

import dev.thermocline.kernels.cuda.CudaDriver;
import dev.thermocline.kernels.cuda.CudaKernels;
import dev.thermocline.kernels.cuda.CudaOptions;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.kernels.reference.ReferenceKernels;
import dev.thermocline.kernels.vector.VectorKernels;
import org.jspecify.annotations.Nullable;

/**
 * The operations a transformer needs, on one backend. The reference is the oracle of the others;
 * all pass one conformance suite. Every object that a backend makes is used with that backend only,
 * and by one thread at a time.
 *
 * <p>The CPU backends have finished when a method returns. The CUDA one enqueues on its stream and
 * returns; results are on the host after {@link #download} and {@link #synchronize}.
 */
public sealed interface Kernels extends AutoCloseable
    permits ReferenceKernels, VectorKernels, CudaKernels {

  /** The scalar oracle. */
  static Kernels reference() {
    return new ReferenceKernels();
  }

  /** Vector API kernels over a pool of workers; the caller keeps the pool and closes it. */
  static Kernels vector(WorkerPool pool) {
    return new VectorKernels(pool);
  }

  /**
   * Bytes of host memory, at most, that {@link #vector} takes for products of several tokens.
   *
   * @param tokens of the largest batch
   * @param widest columns of the widest matrix
   * @param width columns of the widest neurons
   */
  static long vectorBatchBytes(int threads, int tokens, int widest, int width) {
    return VectorKernels.batchBytes(threads, tokens, widest, width);
  }

  /**
   * Kernels of an open CUDA device; the caller keeps the driver and closes it afterwards.
   *
   * @throws dev.thermocline.kernels.cuda.CudaException if the device refuses; nothing stays
   *     allocated then
   */
  static CudaKernels cuda(CudaDriver driver, CudaOptions options) {
    return new CudaKernels(driver, options);
  }

  /** Short name for logs, such as {@code vector-256}. */
  String name();

  /** Allocates {@code [tokens][cols]}. */
  Activations activations(int tokens, int cols);

  /** Loads a one-dimensional parameter. */
  Weights weights(Tensor tensor);

  /** Loads a matrix for products with its rows. */
  Matrix matrix(Tensor tensor);

  /** Loads a matrix, given transposed {@code [cols][rows]}, for products with selected columns. */
  ColumnMatrix columns(Tensor transposed);

  /**
   * Loads neurons of a feed-forward block.
   *
   * @param subset the neurons to hold here, or null for all
   */
  NeuronBlock neurons(NeuronWeights weights, @Nullable RowSet subset);

  /** Allocates the cache of one layer. */
  KvCache kvCache(KvShape shape);

  /** {@code out[i] = table[tokens[i]]}, decoded. */
  void embed(Matrix table, TokenBatch batch, Activations out);

  /** {@code out[i] = table[positions[i] + offset]}, decoded. */
  void embedPositions(Matrix table, int offset, TokenBatch batch, Activations out);

  /** {@code out = x / sqrt(mean(x^2) + epsilon) * weight} per token (Zhang and Sennrich, 2019). */
  void rmsNorm(Activations x, int n, Weights weight, float epsilon, Activations out);

  /**
   * {@code out = (x - mean) / sqrt(variance + epsilon) * weight + bias} per token (Ba et al.,
   * 2016).
   */
  void layerNorm(
      Activations x, int n, Weights weight, @Nullable Weights bias, float epsilon, Activations out);

  /**
   * Rotates every head of {@code x [n][heads * headSize]} in place, by the angles prepared in
   * {@code rope}.
   */
  void rope(Activations x, int n, int headSize, Rope rope);

  /**
   * {@link #rmsNorm} of every head of {@code x [n][heads * headSize]} by itself, in place.
   *
   * @param weight {@code headSize} values for all heads, or as many for each
   */
  void rmsNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon);

  /** {@link #layerNorm} without a bias of every head by itself, as {@link #rmsNormHeads}. */
  void layerNormHeads(Activations x, int n, int headSize, Weights weight, float epsilon);

  /**
   * Stores {@code k [n][kvHeads * headSize]} and {@code v [n][kvHeads * valueSize]} in the slots of
   * the batch's rows.
   */
  void append(Activations k, Activations v, TokenBatch batch, KvCache cache);

  /**
   * Causal attention with grouped queries (Ainslie et al., GQA, 2023): row i attends to the
   * positions of its sequence from {@link AttentionShape#first} to {@code positions[i]}, all of
   * them already appended.
   *
   * @param q {@code [n][heads * headSize]}
   * @param sinks a score for every query head that takes part in the softmax and brings no value
   *     (Xiao et al., attention sinks, 2023), or null
   * @param out {@code [n][heads * valueSize]}
   */
  void attention(
      Activations q,
      TokenBatch batch,
      KvCache cache,
      AttentionShape shape,
      @Nullable Weights sinks,
      Activations out);

  /**
   * Moves positions within a cache, one after the other, and turns their keys, so that a sequence
   * goes on as if its tokens stood elsewhere.
   *
   * @param moves of {@code 2n} rows: row i says where a position is, row {@code n + i} where it
   *     goes; what a move overwrites, no later one reads
   * @param turn prepared for one row, whose position is by how much they move, and with a magnitude
   *     of 1; null where keys are not turned
   */
  void move(KvCache cache, TokenBatch moves, @Nullable Rope turn);

  /** {@code x += y}. */
  void add(Activations x, Activations y, int n);

  /** {@code x[t] += bias} for every token. */
  void addBias(Activations x, int n, Weights bias);

  /** {@code x = f(x)}. */
  void activate(ActivationFunction function, Activations x, int n);

  /** {@code x *= factor(up)}, element by element, with the factor of {@code function}. */
  void multiply(ActivationFunction function, Activations x, Activations up, int n);

  /** {@code x *= factor}. */
  void scale(Activations x, int n, float factor);

  /** {@code x = cap * tanh(x / cap)}. */
  void softCap(Activations x, int n, float cap);

  /** {@code x = 0}. */
  void clear(Activations x, int n);

  /** Copies the first {@code n} rows from the host into this backend's memory. */
  void upload(HostActivations from, int n, Activations to);

  /**
   * Copies the first {@code n} rows to the host; {@code to} is filled only after {@link
   * #synchronize}.
   */
  void download(Activations from, int n, HostActivations to);

  /** Waits until everything asked of this backend is done and downloads have arrived. */
  void synchronize();

  @Override
  void close();
}
