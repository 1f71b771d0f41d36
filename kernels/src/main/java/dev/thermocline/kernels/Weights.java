package dev.thermocline.kernels;

/** A one-dimensional float parameter (norm weight, bias) in the memory of one backend. */
public interface Weights extends AutoCloseable {

  /** Number of elements. */
  int size();

  /** Bytes held in the backend's memory. */
  long bytes();

  @Override
  void close();
}
