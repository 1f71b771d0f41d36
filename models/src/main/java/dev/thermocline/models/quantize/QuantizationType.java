package dev.thermocline.models.quantize;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;

/**
 * What a model can be written as: one format for all its matrices, or one of llama.cpp's mixes,
 * which give more bits to the tensors that need them most.
 */
public enum QuantizationType {
  F32(0),
  F16(1),
  BF16(32),
  Q8_0(7),
  Q4_0(2),
  Q4_1(3),
  Q5_0(8),
  Q5_1(9),
  Q4_K(15),
  Q5_K(17),
  Q6_K(18),
  Q4_K_S(14),
  Q4_K_M(15),
  Q5_K_S(16),
  Q5_K_M(17);

  private final int fileType;

  QuantizationType(int fileType) {
    this.fileType = fileType;
  }

  /** The format of most matrices. */
  public EncodableFormat format() {
    return switch (this) {
      case F32 -> TensorFormats.F32;
      case F16 -> TensorFormats.F16;
      case BF16 -> TensorFormats.BF16;
      case Q8_0 -> TensorFormats.Q8_0;
      case Q4_0 -> TensorFormats.Q4_0;
      case Q4_1 -> TensorFormats.Q4_1;
      case Q5_0 -> TensorFormats.Q5_0;
      case Q5_1 -> TensorFormats.Q5_1;
      case Q4_K, Q4_K_S, Q4_K_M -> TensorFormats.Q4_K;
      case Q5_K, Q5_K_S, Q5_K_M -> TensorFormats.Q5_K;
      case Q6_K -> TensorFormats.Q6_K;
    };
  }

  /** Value of {@code general.file_type}. */
  int fileType() {
    return fileType;
  }

  /** Whether some tensors get another format. */
  boolean mix() {
    return switch (this) {
      case Q4_K_S, Q4_K_M, Q5_K_S, Q5_K_M -> true;
      case F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> false;
    };
  }
}
