package dev.thermocline.kernels.format;

import java.util.List;
import java.util.Optional;

/** The registry of formats. */
public final class TensorFormats {
  public static final EncodableFormat F32 = dev.thermocline.kernels.format.F32.INSTANCE;
  public static final EncodableFormat F16 = dev.thermocline.kernels.format.F16.INSTANCE;
  public static final EncodableFormat BF16 = Bf16.INSTANCE;
  public static final EncodableFormat Q8_0 = dev.thermocline.kernels.format.Q8_0.INSTANCE;
  public static final EncodableFormat Q4_0 = dev.thermocline.kernels.format.Q4_0.INSTANCE;
  public static final EncodableFormat Q4_1 = dev.thermocline.kernels.format.Q4_1.INSTANCE;
  public static final EncodableFormat Q5_0 = dev.thermocline.kernels.format.Q5_0.INSTANCE;
  public static final EncodableFormat Q5_1 = dev.thermocline.kernels.format.Q5_1.INSTANCE;
  public static final TensorFormat Q2_K = dev.thermocline.kernels.format.Q2_K.INSTANCE;
  public static final TensorFormat Q3_K = dev.thermocline.kernels.format.Q3_K.INSTANCE;
  public static final EncodableFormat Q4_K = dev.thermocline.kernels.format.Q4_K.INSTANCE;
  public static final EncodableFormat Q5_K = dev.thermocline.kernels.format.Q5_K.INSTANCE;
  public static final EncodableFormat Q6_K = dev.thermocline.kernels.format.Q6_K.INSTANCE;
  public static final TensorFormat IQ4_NL = Iq4Nl.INSTANCE;
  public static final TensorFormat IQ4_XS = Iq4Xs.INSTANCE;
  public static final TensorFormat MXFP4 = Mxfp4.INSTANCE;
  public static final TensorFormat IQ2_XXS = Iq2Xxs.INSTANCE;
  public static final TensorFormat IQ2_XS = Iq2Xs.INSTANCE;
  public static final TensorFormat IQ2_S = Iq2S.INSTANCE;
  public static final TensorFormat IQ3_XXS = Iq3Xxs.INSTANCE;
  public static final TensorFormat IQ3_S = Iq3S.INSTANCE;
  public static final TensorFormat IQ1_S = Iq1S.INSTANCE;
  public static final TensorFormat IQ1_M = Iq1M.INSTANCE;
  public static final TensorFormat TQ1_0 = Tq1_0.INSTANCE;
  public static final TensorFormat TQ2_0 = Tq2_0.INSTANCE;

  private static final List<TensorFormat> ALL =
      List.of(
          F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL,
          IQ4_XS, MXFP4, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M, TQ1_0, TQ2_0);

  private TensorFormats() {}

  /** Every format that can be computed with. */
  public static List<TensorFormat> all() {
    return ALL;
  }

  /** The formats that can be written, see {@link EncodableFormat}. */
  public static List<EncodableFormat> encodable() {
    return ALL.stream()
        .filter(EncodableFormat.class::isInstance)
        .map(EncodableFormat.class::cast)
        .toList();
  }

  /** The format with a GGUF type number, if it is known. */
  public static Optional<TensorFormat> byGgufId(int id) {
    return ALL.stream().filter(f -> f.ggufId() == id).findFirst();
  }
}
