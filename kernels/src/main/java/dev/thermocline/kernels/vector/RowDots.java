package dev.thermocline.kernels.vector;

import dev.thermocline.kernels.Tensor;
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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Which kernel computes which format, and the memory it reads. */
final class RowDots {
  private RowDots() {}

  static RowDot of(TensorFormat format) {
    return switch (format) {
      case F32 f -> new DotF32();
      case F16 f -> new DotF16();
      case Bf16 f -> new DotBf16();
      case Q8_0 f -> new DotQ8_0();
      case Q4_0 f -> new DotQ4_0();
      case Q4_1 f -> new DotQ4_1(f);
      case Q5_0 f -> new DotQ5_0(f);
      case Q5_1 f -> new DotQ5_1(f);
      case Q2_K f -> new DotQ2_K(f);
      case Q3_K f -> new DotQ3_K(f);
      case Q4_K f -> new DotQ4_K(f);
      case Q5_K f -> new DotQ5_K(f);
      case Q6_K f -> new DotQ6_K(f);
      case Iq4Nl f -> new DotIq4Nl(f);
      case Iq4Xs f -> new DotIq4Xs(f);
      case Mxfp4 f -> new DotMxfp4(f);
      case Iq2Xxs f -> new DotIq2Xxs(f);
      case Iq2Xs f -> new DotIq2Xs(f);
      case Iq2S f -> new DotIq2S(f);
      case Iq3Xxs f -> new DotIq3Xxs(f);
      case Iq3S f -> new DotIq3S(f);
      case Iq1S f -> new DotIq1S(f);
      case Iq1M f -> new DotIq1M(f);
      case Tq1_0 f -> new DotTq1_0(f);
      case Tq2_0 f -> new DotTq2_0(f);
    };
  }

  /**
   * The tensor's bytes as a plain native segment. Kernels must see one segment class only: C2
   * compiles them for the first it meets, and a mapped file is of another class than allocated
   * memory. The tensor's owner keeps the memory alive, as {@link Tensor} says.
   */
  @SuppressWarnings("restricted") // the size stays the tensor's, so bounds are still checked
  static MemorySegment nativeData(Tensor tensor) {
    MemorySegment data = tensor.data();
    if (!data.isNative()) {
      MemorySegment copy = Arena.ofAuto().allocate(data.byteSize(), 64);
      return copy.copyFrom(data);
    }
    return MemorySegment.ofAddress(data.address()).reinterpret(data.byteSize());
  }
}
