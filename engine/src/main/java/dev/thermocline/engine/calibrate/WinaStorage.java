package dev.thermocline.engine.calibrate;

import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.predictor.WinaColumns;
import dev.thermocline.predictor.overlay.WinaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Column selectors as an overlay keeps them. */
final class WinaStorage {
  private WinaStorage() {}

  static List<WinaParameters> parameters(Selection selection, Observations observations) {
    List<WinaParameters> parameters = new ArrayList<>();
    selection
        .columns()
        .forEach((linear, selector) -> {
          if (selector instanceof WinaColumns wina) {
            float[] norms = observations.columnNorms().getOrDefault(linear, new float[0]);
            double sparsity = observations.wina().histogram(linear).share(wina.threshold());
            parameters.add(
                new WinaParameters(linear, tensor(linear, norms), wina.threshold(), sparsity));
          }
        });
    return parameters;
  }

  private static Tensor tensor(String name, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 64);
    TensorFormats.F32.encode(values, 0, values.length, data, 0);
    return new Tensor(name, TensorFormats.F32, new Shape(1, values.length), data);
  }
}
