package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.format.Bf16;
import dev.thermocline.kernels.format.F16;
import dev.thermocline.kernels.format.F32;
import dev.thermocline.kernels.format.Iq1M;
import dev.thermocline.kernels.format.Iq1S;
import dev.thermocline.kernels.format.Iq2S;
import dev.thermocline.kernels.format.Iq2Xs;
import dev.thermocline.kernels.format.Iq2Xxs;
import dev.thermocline.kernels.format.Iq3S;
import dev.thermocline.kernels.format.Iq3Xxs;
import dev.thermocline.kernels.format.Iq4Nl;
import dev.thermocline.kernels.format.Iq4Xs;
import dev.thermocline.kernels.format.Mxfp4;
import dev.thermocline.kernels.format.Q2_K;
import dev.thermocline.kernels.format.Q3_K;
import dev.thermocline.kernels.format.Q4_0;
import dev.thermocline.kernels.format.Q4_1;
import dev.thermocline.kernels.format.Q4_K;
import dev.thermocline.kernels.format.Q5_0;
import dev.thermocline.kernels.format.Q5_1;
import dev.thermocline.kernels.format.Q5_K;
import dev.thermocline.kernels.format.Q6_K;
import dev.thermocline.kernels.format.Q8_0;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.Tq1_0;
import dev.thermocline.kernels.format.Tq2_0;

/**
 * How rows of a format lie on the device, as {@code formats.cuh} describes: in chunks of eight
 * elements, scales apart, padded to whole groups of 32 elements.
 */
enum DeviceFormat {
  F32("f32", 32, false),
  F16("f16", 16, false),
  BF16("bf16", 16, false),
  Q8_0("q8_0", 8, true),
  Q4_0("q4_0", 4, true);

  /** Elements that rows are padded to a multiple of. */
  static final int GROUP = 32;

  private static final int CHUNK = 8;

  private final String suffix;
  private final int chunkBytes;
  private final boolean scaled;

  DeviceFormat(String suffix, int chunkBytes, boolean scaled) {
    this.suffix = suffix;
    this.chunkBytes = chunkBytes;
    this.scaled = scaled;
  }

  static DeviceFormat of(TensorFormat format) {
    return switch (format) {
      case F32 f -> F32;
      case F16 f -> F16;
      case Bf16 f -> BF16;
      case Q8_0 f -> Q8_0;
      case Q4_0 f -> Q4_0;
      case Q4_1 f -> none(f);
      case Q5_0 f -> none(f);
      case Q5_1 f -> none(f);
      case Q2_K f -> none(f);
      case Q3_K f -> none(f);
      case Q4_K f -> none(f);
      case Q5_K f -> none(f);
      case Q6_K f -> none(f);
      case Iq4Nl f -> none(f);
      case Iq4Xs f -> none(f);
      case Mxfp4 f -> none(f);
      case Iq2Xxs f -> none(f);
      case Iq2Xs f -> none(f);
      case Iq2S f -> none(f);
      case Iq3Xxs f -> none(f);
      case Iq3S f -> none(f);
      case Iq1S f -> none(f);
      case Iq1M f -> none(f);
      case Tq1_0 f -> none(f);
      case Tq2_0 f -> none(f);
    };
  }

  private static DeviceFormat none(TensorFormat format) {
    throw new IllegalArgumentException(format + ": there are no CUDA kernels for this format");
  }

  /** Ending of the names of its kernels. */
  String suffix() {
    return suffix;
  }

  /** Whether every group has a two-byte scale, and kernels for eight-bit activations. */
  boolean scaled() {
    return scaled;
  }

  /** Elements of a padded row. */
  static int pitch(int cols) {
    return Math.addExact(cols, GROUP - 1) / GROUP * GROUP;
  }

  /** Chunks of a padded row. */
  static int chunks(int cols) {
    return pitch(cols) / CHUNK;
  }

  /** Bytes of the elements of rows. */
  long dataBytes(long rows, int cols) {
    return rows * chunks(cols) * chunkBytes;
  }

  /** Bytes of the scales of rows. */
  long scaleBytes(long rows, int cols) {
    return scaled ? rows * (pitch(cols) / GROUP) * 2 : 0;
  }
}
