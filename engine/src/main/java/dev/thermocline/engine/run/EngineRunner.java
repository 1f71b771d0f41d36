package dev.thermocline.engine.run;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InsufficientMemoryException;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.engine.select.Selection;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.cuda.CudaException;
import dev.thermocline.kernels.cuda.CudaKernels;
import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.ExpertConfig;
import dev.thermocline.models.Model;
import dev.thermocline.models.gguf.GgufTensorInfo;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.MachineProfile;
import dev.thermocline.predictor.placement.MemoryBudget;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.placement.OutOfBudgetException;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model loaded as the options and the machine allow, and what replaces it when the GPU fails: the
 * same model on the CPU. Owns the worker pool, the neuron-major copies and the device.
 */
public final class EngineRunner implements RunnerSource {
  private static final System.Logger LOG = System.getLogger(EngineRunner.class.getName());
  private static final int DEFAULT_CONTEXT = 4096;

  /** Of the hot neurons; with fewer the device is not worth its while. */
  private static final double SMALLEST_SHARE = 1.0 / 64;

  private final Model model;
  private final EngineOptions options;
  private final int context;
  private final WorkerPool pool;
  private final Kernels cpu;
  private final Selection selection;
  private final FeedForwardPlan plan;
  private @Nullable DeviceContext device;
  private @Nullable ModelRunner runner;
  private @Nullable NeuronPlacement placement;
  private @Nullable MachineProfile machine;

  private EngineRunner(
      Model model,
      EngineOptions options,
      int context,
      Selection selection,
      @Nullable ActivationProfile profile) {
    this.model = model;
    this.options = options;
    this.context = context;
    this.pool = new WorkerPool(options.threads());
    this.cpu = Kernels.vector(pool);
    this.selection = selection;
    this.plan = new FeedForwardPlan(model, options, pool, selection, profile);
  }

  /**
   * Loads a model.
   *
   * @throws IllegalArgumentException if the context is longer than the model allows
   * @throws InsufficientMemoryException if this machine cannot hold the model
   * @throws dev.thermocline.kernels.cuda.CudaUnavailableException if the GPU was asked for and is
   *     not there
   * @throws CudaException if the GPU was asked for and fails
   */
  public static EngineRunner load(Model model, EngineOptions options) {
    Optional<Overlay> overlay =
        options.sparse() == SparseMode.OFF ? Optional.empty() : OverlayStore.find(model);
    return load(
        model, options, selection(overlay, options), overlay.map(Overlay::profile).orElse(null));
  }

  /** What the options let an overlay leave out. */
  static Selection selection(Optional<Overlay> overlay, EngineOptions options) {
    boolean used = options.sparse() == SparseMode.AUTO;
    return overlay.filter(o -> used).map(Selection::of).orElse(Selection.NONE);
  }

  /** As {@link #load(Model, EngineOptions)}, with a given selection and no overlay. */
  public static EngineRunner load(Model model, EngineOptions options, Selection selection) {
    return load(model, options, selection, null);
  }

  private static EngineRunner load(
      Model model,
      EngineOptions options,
      Selection selection,
      @Nullable ActivationProfile profile) {
    int context = context(model, options);
    EngineRunner loaded = new EngineRunner(model, options, context, selection, profile);
    WarmUp warmUp = WarmUp.start(loaded.formats());
    try {
      loaded.load();
      return loaded;
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    } finally {
      warmUp.close();
    }
  }

  /** Formats of the file's matrices, and of down projections that are stored another way. */
  private Set<TensorFormat> formats() {
    Set<TensorFormat> formats = new LinkedHashSet<>();
    for (GgufTensorInfo info : model.gguf().tensors()) {
      if (info.rows() > 1) {
        TensorFormats.byGgufId(info.typeId()).ifPresent(formats::add);
      }
    }
    plan.transposedFormat().ifPresent(formats::add);
    return formats;
  }

  /**
   * Tokens of a sequence: what the options ask for or the model's own limit.
   *
   * @throws IllegalArgumentException if they ask for more than the model allows
   */
  public static int context(Model model, EngineOptions options) {
    int limit = Math.min(model.config().contextLength(), model.positionLimit());
    if (options.context() > model.positionLimit()) {
      throw new IllegalArgumentException(
          "context: the model has learned "
              + model.positionLimit()
              + " positions and knows of no more, got "
              + options.context());
    }
    if (options.context() == 0) {
      return Math.min(limit, DEFAULT_CONTEXT);
    }
    if (options.context() > limit) {
      LOG.log(
          Level.WARNING,
          "a context of {0} is longer than the {1} that the model was trained for",
          String.valueOf(options.context()),
          String.valueOf(limit));
    }
    return options.context();
  }

  private void load() {
    try {
      device = DeviceContext.open(options);
      DeviceContext opened = device;
      requireMemory(opened == null ? 0 : opened.budget(options.vram()));
      if (opened == null) {
        build(null, 0, 1);
      } else {
        buildOnDevice(opened);
      }
    } catch (CudaException | OutOfBudgetException e) {
      if (options.device() == DeviceMode.CUDA) {
        throw e;
      }
      leaveDevice(e);
    }
  }

  /**
   * Refuses what would not fit.
   *
   * @param spared bytes of weights that a device can hold instead
   */
  private void requireMemory(long spared) {
    if (options.memoryCheck()) {
      MemoryEstimate.of(model, options, selection, context)
          .requireFits(model, context, HostMemory.read(), spared);
    }
  }

  /**
   * Halves the hot set as long as device memory does not suffice, as another program may hold some.
   */
  private void buildOnDevice(DeviceContext opened) {
    long budget = opened.budget(options.vram());
    double share = 1;
    while (true) {
      try {
        build(opened, budget, share);
        return;
      } catch (CudaException e) {
        if (!e.outOfMemory() || share < SMALLEST_SHARE) {
          throw e;
        }
        share /= 2;
        LOG.log(Level.WARNING, "device memory ran out, placing fewer neurons: {0}", e.getMessage());
      }
    }
  }

  /**
   * Loads the model.
   *
   * @param budget device memory that may be used
   * @param share of that, or of hot neurons where they are fixed, that is used
   */
  private void build(@Nullable DeviceContext target, long budget, double share) {
    NeuronPlacement chosen = place(target, budget, share);
    CudaKernels gpu = target == null ? null : target.kernels();
    if (gpu != null) {
      reserveScratch(gpu, chosen);
    }
    LayerBuilder builder =
        new LayerBuilder(model, options, plan, cpu, gpu, pages().total(), context);
    runner = builder.build(chosen);
    placement = chosen;
  }

  private void reserveScratch(CudaKernels gpu, NeuronPlacement chosen) {
    ExpertConfig experts = model.config().experts();
    int blocks = experts == null ? 1 : experts.count();
    int held = chosen.layers().stream().mapToInt(l -> l.hotOfBlock(blocks)).max().orElse(0);
    boolean attention = chosen.layers().stream().anyMatch(LayerPlacement::attentionOnDevice);
    int rows =
        new DeviceFootprint(model, options, pages()).matrixRows(attention, chosen.headOnDevice());
    gpu.reserveScratch(rows, model.config().nFf(), held, model.config().nEmbd());
  }

  private NeuronPlacement place(@Nullable DeviceContext target, long budget, double share) {
    PlacementPlanner planner = new PlacementPlanner(model, options, pages(), plan.profile());
    if (target == null) {
      return planner.cpuOnly();
    }
    NeuronPlacement fixed = options.placement();
    if (fixed != null) {
      return share < 1 ? PlacementPlanner.shrink(fixed, share) : fixed;
    }
    if (!plan.separable()) {
      return planner.cpuOnly();
    }
    if (options.hotShare().isPresent()) {
      return planner.forced(options.hotShare().getAsDouble() * share);
    }
    MemoryBudget ledger = new MemoryBudget((long) (budget * share));
    CudaKernels gpu = target.kernels();
    // First, as it may leave some scratch memory behind.
    MachineProfile measured = measure(gpu, ledger);
    return planner.solve(measured, ledger, gpu.options(), gpu.deviceBytes());
  }

  private MachineProfile measure(CudaKernels gpu, MemoryBudget ledger) {
    MachineProfile known = machine;
    if (known == null) {
      long left = ledger.capacityBytes() - gpu.deviceBytes();
      if (left < MachineMeasurement.LEAST_BYTES) {
        throw new OutOfBudgetException(
            "device memory",
            gpu.deviceBytes() + MachineMeasurement.LEAST_BYTES,
            0,
            ledger.capacityBytes());
      }
      known = MachineMeasurement.measure(pool, gpu, left);
      machine = known;
    }
    return known;
  }

  private void leaveDevice(RuntimeException reason) {
    String what =
        reason instanceof CudaException ? "the GPU failed, the CPU goes on" : "the CPU does all";
    LOG.log(Level.WARNING, "{0}: {1}", what, reason.getMessage());
    closeRunner();
    closeDevice();
    build(null, 0, 1);
  }

  /** Device memory that is held, but for what cuBLAS takes for itself; 0 without a device. */
  public long deviceBytes() {
    return device == null ? 0 : device.kernels().deviceBytes();
  }

  /** Most tokens of a sequence. */
  public int context() {
    return context;
  }

  /** Pages of the key-value caches. */
  public PageBudget pages() {
    return PageBudget.of(options, context);
  }

  /** Whether positions are no more than turns of keys, so that what is computed can be moved. */
  public boolean rotary() {
    return model.positionLimit() == Integer.MAX_VALUE;
  }

  @Override
  public ModelRunner runner() {
    ModelRunner current = runner;
    if (current == null) {
      throw new IllegalStateException("the engine is closed");
    }
    return current;
  }

  @Override
  public boolean fallBack(RuntimeException failure) {
    if (device == null
        || !(failure instanceof CudaException)
        || options.device() == DeviceMode.CUDA) {
      return false;
    }
    leaveDevice(failure);
    return true;
  }

  @Override
  public LayerStatistics statistics() {
    return runner().layers().statistics();
  }

  /** Weight bytes read per token between two readings of the statistics. */
  public double bytesPerToken(LayerStatistics before, LayerStatistics after) {
    return plan.bytesPerToken(after.since(before));
  }

  /** Share of their inputs that column-sparse layers used so far; 1 without such layers. */
  public double columnShare() {
    return plan.columnShare();
  }

  /** Which neurons are left out, in a few words. */
  public String sparsity() {
    return plan.summary();
  }

  /** One line on what runs where. */
  public String summary() {
    String threads = pool.threads() == 1 ? "1 thread" : pool.threads() + " threads";
    return "%s, %s; %s%s".formatted(cpu.name(), threads, plan.summary(), deviceSummary());
  }

  private String deviceSummary() {
    NeuronPlacement current = placement;
    if (current == null || device == null) {
      return "";
    }
    long neurons = (long) model.config().nLayer() * model.config().neuronsPerLayer();
    return String.format(
        Locale.ROOT,
        "; %.0f %% of neurons hot on %s",
        100.0 * current.hotNeurons() / neurons,
        device.kernels().name());
  }

  /** Which neurons are where. */
  public NeuronPlacement placement() {
    NeuronPlacement current = placement;
    if (current == null) {
      throw new IllegalStateException("the engine is closed");
    }
    return current;
  }

  /** How the neurons behaved when the overlay was made; null without one. */
  public @Nullable ActivationProfile profile() {
    return plan.profile();
  }

  private void closeRunner() {
    if (runner != null) {
      runner.close();
      runner = null;
    }
  }

  private void closeDevice() {
    if (device != null) {
      device.close();
      device = null;
    }
  }

  @Override
  public void close() {
    closeRunner();
    closeDevice();
    plan.close();
    cpu.close();
    pool.close();
  }
}
