package dev.thermocline.kernels.cuda;

import static dev.thermocline.kernels.cuda.ArgumentType.ADDRESS;
import static dev.thermocline.kernels.cuda.ArgumentType.FLOAT;
import static dev.thermocline.kernels.cuda.ArgumentType.INT;
import static dev.thermocline.kernels.cuda.ArgumentType.LONG;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.KvFormat;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The kernels of {@code src/main/cuda}, loaded, with the argument types that callers set. */
final class CudaLibrary {
  final CudaLaunch rmsNorm;
  final CudaLaunch layerNorm;
  final CudaLaunch rmsNormHeads;
  final CudaLaunch layerNormHeads;
  final CudaLaunch rope;
  final CudaLaunch add;
  final CudaLaunch multiply;
  final CudaLaunch scale;
  final CudaLaunch softCap;
  final CudaLaunch addBias;
  final CudaLaunch activate;
  final CudaLaunch neuronCompact;
  final CudaLaunch neuronMerge;
  final CudaLaunch listColumns;
  final CudaLaunch quantizeRows;
  final CudaLaunch denseActivate;
  final CudaLaunch denseMultiply;

  private final CudaDriver driver;
  private final CudaModule int8;
  private final CudaHeap heap;
  private final CudaStream stream;
  private final Map<KvFormat, CacheKernels> caches = new EnumMap<>(KvFormat.class);
  private final Map<DeviceFormat, FormatKernels> formats = new EnumMap<>(DeviceFormat.class);

  /** Loads the modules; they are closed with the heap. */
  CudaLibrary(CudaDriver driver, CudaHeap heap, CudaStream stream) {
    this.driver = driver;
    this.heap = heap;
    this.stream = stream;
    CudaModule norm = module("norm");
    rmsNorm = launch(norm, "norm_rms", ADDRESS, INT, ADDRESS, ADDRESS, INT, INT, FLOAT);
    layerNorm =
        launch(norm, "norm_layer", ADDRESS, INT, ADDRESS, ADDRESS, ADDRESS, INT, INT, FLOAT);
    rmsNormHeads = launch(norm, "norm_rms_heads", ADDRESS, INT, ADDRESS, INT, INT, FLOAT);
    layerNormHeads = launch(norm, "norm_layer_heads", ADDRESS, INT, ADDRESS, INT, INT, FLOAT);
    CudaModule attention = module("attention");
    rope = launch(attention, "rope", ADDRESS, INT, ADDRESS, ADDRESS, INT, INT, INT, INT, INT);
    for (KvFormat format : KvFormat.values()) {
      caches.put(format, cache(attention, format.name().toLowerCase(Locale.ROOT)));
    }
    CudaModule elementwise = module("elementwise");
    add = launch(elementwise, "elementwise_add", ADDRESS, ADDRESS, LONG);
    multiply = launch(elementwise, "elementwise_multiply", ADDRESS, ADDRESS, INT, LONG);
    scale = launch(elementwise, "elementwise_scale", ADDRESS, FLOAT, LONG);
    softCap = launch(elementwise, "elementwise_soft_cap", ADDRESS, FLOAT, LONG);
    addBias = launch(elementwise, "elementwise_add_bias", ADDRESS, ADDRESS, INT, LONG);
    activate = launch(elementwise, "elementwise_activate", ADDRESS, INT, LONG);
    CudaModule neurons = module("neurons");
    neuronCompact =
        launch(
            neurons,
            "neuron_compact",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            INT,
            INT,
            INT,
            INT,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    neuronMerge = launch(neurons, "neuron_merge", ADDRESS, INT, INT, ADDRESS, INT, INT, INT);
    listColumns = launch(module("columns"), "list_columns", ADDRESS, INT, INT, ADDRESS, ADDRESS);
    int8 = module("neurons_int8");
    quantizeRows = launch(int8, "quantize_rows", ADDRESS, INT, ADDRESS, ADDRESS, INT);
    CudaModule dense = module("neurons_dense");
    denseActivate = launch(dense, "dense_activate", ADDRESS, ADDRESS, INT, INT);
    denseMultiply = launch(dense, "dense_multiply", ADDRESS, ADDRESS, ADDRESS, INT, INT);
  }

  /**
   * The kernels of a format. Their module is loaded when a format is first asked for: drivers take
   * their time to translate one, and a model has few formats.
   */
  FormatKernels of(DeviceFormat format) {
    FormatKernels known = formats.get(format);
    if (known != null) {
      return known;
    }
    FormatKernels kernels = load(format);
    formats.put(format, kernels);
    return kernels;
  }

  /** The number of a function in {@code activation.cuh}. */
  static int number(ActivationFunction function) {
    return switch (function) {
      case SILU -> 0;
      case RELU -> 1;
      case RELU_SQUARED -> 2;
      case GELU -> 3;
      case DRELU -> 4;
      case CLAMPED_SWIGLU -> 5;
    };
  }

  private FormatKernels load(DeviceFormat format) {
    String suffix = format.suffix();
    CudaModule weights = module("weights_" + suffix);
    return new FormatKernels(
        launch(weights, "pack_rows_" + suffix, ADDRESS, LONG, INT, INT, INT, ADDRESS, ADDRESS),
        launch(weights, "embed_" + suffix, ADDRESS, ADDRESS, ADDRESS, INT, ADDRESS, INT, INT, INT),
        product(weights, "matrix_multiply_" + suffix),
        product(weights, "matrix_multiply_batch_" + suffix),
        launch(
            weights,
            "matrix_multiply_rows_" + suffix,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            INT,
            INT),
        neuronTest(weights, "neuron_test_" + suffix, INT),
        neuronMultiply(weights, "neuron_multiply_" + suffix, INT),
        launch(
            weights,
            "neuron_down_" + suffix,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            INT,
            INT,
            INT),
        launch(
            weights,
            "neuron_down_batch_" + suffix,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            INT,
            INT,
            INT,
            INT,
            INT),
        launch(weights, "dense_unpack_" + suffix, ADDRESS, ADDRESS, INT, INT, INT, ADDRESS),
        !format.scaled() ? null : neuronTest(int8, "neuron_test_int8_" + suffix, ADDRESS),
        !format.scaled() ? null : neuronMultiply(int8, "neuron_multiply_int8_" + suffix, ADDRESS));
  }

  /** The kernels of a cache format. */
  CacheKernels cache(KvFormat format) {
    return Objects.requireNonNull(caches.get(format));
  }

  private CacheKernels cache(CudaModule module, String suffix) {
    return new CacheKernels(
        append(module, "kv_append_" + suffix),
        launch(
            module,
            "kv_move_" + suffix,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            INT,
            ADDRESS,
            ADDRESS,
            INT,
            INT,
            INT,
            ADDRESS,
            ADDRESS,
            INT,
            INT,
            INT),
        attend(module, "attention_" + suffix));
  }

  private CudaLaunch append(CudaModule module, String name) {
    return launch(
        module, name, ADDRESS, INT, ADDRESS, INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, INT,
        INT, INT);
  }

  private CudaLaunch attend(CudaModule module, String name) {
    return launch(
        module, name, ADDRESS, INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, INT, INT,
        INT, INT, INT, FLOAT, FLOAT, INT, ADDRESS);
  }

  private CudaLaunch product(CudaModule module, String name) {
    return launch(module, name, ADDRESS, ADDRESS, ADDRESS, INT, ADDRESS, INT, INT, INT, INT);
  }

  /** {@code pitch} is what follows x: its row length, or the scales of its quants. */
  private CudaLaunch neuronTest(CudaModule module, String name, ArgumentType pitch) {
    return launch(
        module, name, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, INT, ADDRESS, pitch, ADDRESS,
        INT, INT, INT);
  }

  private CudaLaunch neuronMultiply(CudaModule module, String name, ArgumentType pitch) {
    return launch(
        module, name, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, INT, ADDRESS, pitch, ADDRESS,
        INT, INT, INT);
  }

  private CudaModule module(String family) {
    CudaModule module = driver.load(Ptx.resource(family));
    heap.own(module::close);
    return module;
  }

  private CudaLaunch launch(CudaModule module, String name, ArgumentType... types) {
    CudaFunction function = module.function(name, types);
    LaunchArguments arguments = function.arguments();
    heap.own(arguments::close);
    return new CudaLaunch(function, arguments, types.length, stream);
  }
}
