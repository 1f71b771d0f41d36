package dev.thermocline.engine;

/** Where neurons may be computed. */
public enum DeviceMode {
  /** On the CPU only. */
  CPU,
  /** On CPU and GPU; opening fails without a usable GPU. */
  CUDA,
  /** On CPU and GPU if there is one, else on the CPU. */
  AUTO
}
