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
 * How rows of a format lie on the device, as {@code chunks.cuh} describes: padded to whole groups
 * of 32 elements, blocks padded to whole words, for some formats the scales apart.
 */
enum DeviceFormat {
  F32("f32", 8, 32, false),
  F16("f16", 8, 16, false),
  BF16("bf16", 8, 16, false),
  Q8_0("q8_0", 8, 8, true),
  Q4_0("q4_0", 8, 4, true),
  Q4_1("q4_1", 32, 20, false),
  Q5_0("q5_0", 32, 24, false),
  Q5_1("q5_1", 32, 24, false),
  Q2_K("q2_k", 256, 84, false),
  Q3_K("q3_k", 256, 112, false),
  Q4_K("q4_k", 256, 144, false),
  Q5_K("q5_k", 256, 176, false),
  Q6_K("q6_k", 256, 212, false),
  IQ4_NL("iq4_nl", 32, 20, false),
  IQ4_XS("iq4_xs", 256, 136, false),
  MXFP4("mxfp4", 32, 20, false),
  IQ2_XXS("iq2_xxs", 256, 68, false),
  IQ2_XS("iq2_xs", 256, 76, false),
  IQ2_S("iq2_s", 256, 84, false),
  IQ3_XXS("iq3_xxs", 256, 100, false),
  IQ3_S("iq3_s", 256, 112, false),
  IQ1_S("iq1_s", 256, 52, false),
  IQ1_M("iq1_m", 256, 56, false),
  TQ1_0("tq1_0", 256, 56, false),
  TQ2_0("tq2_0", 256, 68, false);

  /** Elements that rows are padded to a multiple of. */
  static final int GROUP = 32;

  private static final int CHUNK = 8;

  private final String suffix;
  private final int unitElements;
  private final int unitBytes;
  private final boolean scaled;

  /** {@code unitElements} elements take {@code unitBytes} bytes beside the scales. */
  DeviceFormat(String suffix, int unitElements, int unitBytes, boolean scaled) {
    this.suffix = suffix;
    this.unitElements = unitElements;
    this.unitBytes = unitBytes;
    this.scaled = scaled;
  }

  static DeviceFormat of(TensorFormat format) {
    return switch (format) {
      case F32 f -> F32;
      case F16 f -> F16;
      case Bf16 f -> BF16;
      case Q8_0 f -> Q8_0;
      case Q4_0 f -> Q4_0;
      case Q4_1 f -> Q4_1;
      case Q5_0 f -> Q5_0;
      case Q5_1 f -> Q5_1;
      case Q2_K f -> Q2_K;
      case Q3_K f -> Q3_K;
      case Q4_K f -> Q4_K;
      case Q5_K f -> Q5_K;
      case Q6_K f -> Q6_K;
      case Iq4Nl f -> IQ4_NL;
      case Iq4Xs f -> IQ4_XS;
      case Mxfp4 f -> MXFP4;
      case Iq2Xxs f -> IQ2_XXS;
      case Iq2Xs f -> IQ2_XS;
      case Iq2S f -> IQ2_S;
      case Iq3Xxs f -> IQ3_XXS;
      case Iq3S f -> IQ3_S;
      case Iq1S f -> IQ1_S;
      case Iq1M f -> IQ1_M;
      case Tq1_0 f -> TQ1_0;
      case Tq2_0 f -> TQ2_0;
    };
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
    return rows * (pitch(cols) / unitElements) * unitBytes;
  }

  /** Bytes of the scales of rows. */
  long scaleBytes(long rows, int cols) {
    return scaled ? rows * (pitch(cols) / GROUP) * 2 : 0;
  }
}
