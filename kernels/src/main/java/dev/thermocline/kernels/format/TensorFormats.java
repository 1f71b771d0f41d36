package dev.thermocline.kernels.format;

import java.util.List;
import java.util.Optional;

/** The registry of formats. */
public final class TensorFormats {
  public static final TensorFormat F32 = dev.thermocline.kernels.format.F32.INSTANCE;
  public static final TensorFormat F16 = dev.thermocline.kernels.format.F16.INSTANCE;
  public static final TensorFormat BF16 = Bf16.INSTANCE;
  public static final TensorFormat Q8_0 = dev.thermocline.kernels.format.Q8_0.INSTANCE;
  public static final TensorFormat Q4_0 = dev.thermocline.kernels.format.Q4_0.INSTANCE;

  private static final List<TensorFormat> ALL = List.of(F32, F16, BF16, Q8_0, Q4_0);

  private TensorFormats() {}

  /** Every format that can be computed with. */
  public static List<TensorFormat> all() {
    return ALL;
  }

  /** The format with a GGUF type number, if it is known. */
  public static Optional<TensorFormat> byGgufId(int id) {
    return ALL.stream().filter(f -> f.ggufId() == id).findFirst();
  }
}
