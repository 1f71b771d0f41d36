package dev.thermocline.engine.calibrate;

import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.models.layers.Linear;
import dev.thermocline.predictor.profile.InputObserver;
import java.util.List;

/** A dense linear layer whose inputs are shown to observers. */
final class ObservingLinear implements Linear {
  private final Linear dense;
  private final String name;
  private final List<? extends InputObserver> observers;

  /** Takes ownership of the layer. */
  ObservingLinear(Linear dense, String name, List<? extends InputObserver> observers) {
    this.dense = dense;
    this.name = name;
    this.observers = observers;
  }

  @Override
  public void forward(Activations x, int n, Activations out) {
    for (InputObserver observer : observers) {
      observer.observe(name, (HostActivations) x, n);
    }
    dense.forward(x, n, out);
  }

  @Override
  public long bytes() {
    return dense.bytes();
  }

  @Override
  public void close() {
    dense.close();
  }
}
