/**
 * Tensors, quantized formats and the operations a transformer needs, on three backends that pass
 * one conformance suite: the scalar reference, the Vector API and CUDA.
 */
@org.jspecify.annotations.NullMarked
module dev.thermocline.kernels {
  requires static transitive org.jspecify;
  requires jdk.incubator.vector;
  requires jcublas;
  requires jcuda;
  requires org.agrona;
  requires org.bytedeco.javacpp;

  exports dev.thermocline.kernels;
  exports dev.thermocline.kernels.cuda;
  exports dev.thermocline.kernels.format;
  exports dev.thermocline.kernels.parallel;
}
