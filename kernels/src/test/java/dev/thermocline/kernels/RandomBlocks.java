package dev.thermocline.kernels;

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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Blocks of any bits, so that every code occurs, with scales of moderate size. */
final class RandomBlocks {
  private RandomBlocks() {}

  /** Fills {@code data} with whole blocks of a block format. */
  static void fill(TensorFormat format, Random random, MemorySegment data) {
    byte[] bytes = new byte[Math.toIntExact(data.byteSize())];
    random.nextBytes(bytes);
    data.copyFrom(MemorySegment.ofArray(bytes));
    for (long at = 0; at < bytes.length; at += format.blockBytes()) {
      for (int offset : halves(format)) {
        float scale = (0.5f + random.nextFloat()) * (random.nextBoolean() ? 0x1p-6f : -0x1p-6f);
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + offset, Float.floatToFloat16(scale));
      }
      if (format instanceof Iq1M) {
        // The float16 scale 0x2yzt lies in the highest four bits of four numbers.
        data.set(ValueLayout.JAVA_BYTE, at + 55, (byte) (0x20 | random.nextInt(16)));
      }
      if (format instanceof Mxfp4) {
        data.set(ValueLayout.JAVA_BYTE, at, (byte) (120 + random.nextInt(8)));
      }
    }
  }

  /** Where a block has its float16 numbers. */
  private static int[] halves(TensorFormat format) {
    return switch (format) {
      case F32 f -> throw new IllegalArgumentException("no blocks: " + f);
      case F16 f -> throw new IllegalArgumentException("no blocks: " + f);
      case Bf16 f -> throw new IllegalArgumentException("no blocks: " + f);
      case Q8_0 f -> new int[] {0};
      case Q4_0 f -> new int[] {0};
      case Q4_1 f -> new int[] {0, 2};
      case Q5_0 f -> new int[] {0};
      case Q5_1 f -> new int[] {0, 2};
      case Q2_K f -> new int[] {80, 82};
      case Q3_K f -> new int[] {108};
      case Q4_K f -> new int[] {0, 2};
      case Q5_K f -> new int[] {0, 2};
      case Q6_K f -> new int[] {208};
      case Iq4Nl f -> new int[] {0};
      case Iq4Xs f -> new int[] {0};
      case Mxfp4 f -> new int[0];
      case Iq2Xxs f -> new int[] {0};
      case Iq2Xs f -> new int[] {0};
      case Iq2S f -> new int[] {0};
      case Iq3Xxs f -> new int[] {0};
      case Iq3S f -> new int[] {0};
      case Iq1S f -> new int[] {0};
      case Iq1M f -> new int[] {};
      case Tq1_0 f -> new int[] {52};
      case Tq2_0 f -> new int[] {64};
    };
  }
}
