package dev.thermocline.server.models;

import dev.thermocline.server.http.ApiException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The models of a server: one that it was started with, which stays, and those of a catalogue,
 * loaded when first asked for and let go when nobody used them for a while or another needs their
 * memory. Safe for use by several threads.
 */
public final class ModelPool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ModelPool.class.getName());

  /** What stands for the model that a server was started with. */
  public static final String DEFAULT = "default";

  private final ModelEntry primary;
  private final ModelCatalog catalog;
  private final PoolSettings settings;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Thread reaper;
  private boolean closed;

  /** A model that is loaded or being loaded; guarded by the pool. */
  private static final class Slot {
    private final ModelEntry entry;
    private final CompletableFuture<ServedModel> model = new CompletableFuture<>();
    private int users;
    private long idleSince = System.nanoTime();

    private Slot(ModelEntry entry) {
      this.entry = entry;
    }
  }

  /** Starts to load the primary model. */
  public ModelPool(ModelEntry primary, ModelCatalog catalog, PoolSettings settings) {
    this.primary = primary;
    this.catalog = catalog;
    this.settings = settings;
    this.reaper = Thread.ofVirtual().name("thermocline-models").unstarted(this::letGo);
  }

  /** Loads the primary model in the background and watches over the others. */
  public CompletableFuture<ServedModel> start() {
    reaper.start();
    synchronized (this) {
      return slot(primary).model;
    }
  }

  /** A model in use; closing ends the use. */
  public final class Lease implements AutoCloseable {
    private final Slot slot;
    private final ServedModel model;

    private Lease(Slot slot, ServedModel model) {
      this.slot = slot;
      this.model = model;
    }

    public ServedModel model() {
      return model;
    }

    @Override
    public void close() {
      release(slot);
    }
  }

  public ModelEntry primary() {
    return primary;
  }

  /** The primary model once it is loaded. */
  public Optional<ServedModel> primaryModel() {
    return loaded().stream().filter(m -> m.id().equals(primary.id())).findFirst();
  }

  /** Whether the primary model can be used. */
  public boolean isReady() {
    return primaryModel().isPresent();
  }

  /** Models that are loaded. */
  public synchronized List<ServedModel> loaded() {
    List<ServedModel> all = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.model.state() == java.util.concurrent.Future.State.SUCCESS) {
        all.add(slot.model.resultNow());
      }
    }
    return all;
  }

  /** Models that can be asked for. */
  public List<ModelEntry> entries() {
    Map<String, ModelEntry> all = new LinkedHashMap<>();
    all.put(primary.id(), primary);
    try {
      catalog.list().forEach(entry -> all.putIfAbsent(entry.id(), entry));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the store cannot be listed: {0}", e.getMessage());
    }
    return List.copyOf(all.values());
  }

  /**
   * The model that a name means.
   *
   * @param name null or {@value #DEFAULT} for the primary one
   * @throws ApiException if there is none
   */
  public ModelEntry entry(@Nullable String name) {
    if (name == null || name.equals(DEFAULT) || name.equals(primary.id())) {
      return primary;
    }
    try {
      Optional<ModelEntry> found = catalog.find(name);
      if (found.isPresent()) {
        return found.get();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the store cannot be read: {0}", e.getMessage());
    }
    throw ApiException.unknownModel(
        "model: no model is named "
            + name
            + "; there "
            + (entries().size() == 1 ? "is " : "are ")
            + String.join(", ", entries().stream().map(ModelEntry::id).toList()));
  }

  /**
   * Takes a model into use, loading it if need be.
   *
   * @throws ApiException if there is no such model, no room for it, or it cannot be loaded
   */
  public Lease acquire(@Nullable String name) throws InterruptedException {
    ModelEntry entry = entry(name);
    Slot slot;
    synchronized (this) {
      slot = slot(entry);
      if (entry.id().equals(primary.id()) && !slot.model.isDone()) {
        throw ApiException.unavailable(1, "loading", "model " + entry.id() + " is being loaded");
      }
      slot.users++;
    }
    try {
      return new Lease(slot, slot.model.get());
    } catch (ExecutionException e) {
      release(slot);
      Throwable cause = e.getCause();
      throw ApiException.failed(
          "model "
              + entry.id()
              + " cannot be loaded: "
              + (cause == null ? e.getMessage() : cause.getMessage()));
    } catch (InterruptedException e) {
      release(slot);
      throw e;
    }
  }

  private synchronized Slot slot(ModelEntry entry) {
    if (closed) {
      throw ApiException.unavailable(1, "stopping", "the server is stopping");
    }
    Slot known = slots.get(entry.id());
    if (known != null && !known.model.isCompletedExceptionally()) {
      return known;
    }
    makeRoom(entry);
    Slot fresh = new Slot(entry);
    slots.put(entry.id(), fresh);
    Thread.ofPlatform().daemon().name("thermocline-load").start(() -> load(fresh));
    return fresh;
  }

  private void load(Slot slot) {
    try {
      ServedModel model = ServedModel.open(slot.entry, settings.engine(), settings.queue());
      if (slot.model.complete(model)) {
        model.prepareConstraints();
      } else {
        model.close();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "model {0} cannot be loaded: {1}", slot.entry.id(), e.getMessage());
      slot.model.completeExceptionally(e);
    }
  }

  /** Lets idle models go, the longest idle first, until one more fits. */
  private void makeRoom(ModelEntry entry) {
    while (slots.size() > 0 && held() + entry.bytes() > settings.memoryBytes()) {
      Slot oldest = null;
      for (Slot slot : slots.values()) {
        if (isIdle(slot) && (oldest == null || slot.idleSince - oldest.idleSince < 0)) {
          oldest = slot;
        }
      }
      if (oldest == null) {
        throw ApiException.unavailable(
            5,
            "no_room",
            "model "
                + entry.id()
                + " needs "
                + entry.bytes()
                + " bytes beside the "
                + held()
                + " of models in use, of at most "
                + settings.memoryBytes());
      }
      evict(oldest);
    }
  }

  private long held() {
    return slots.values().stream()
        .filter(slot -> !slot.model.isCompletedExceptionally())
        .mapToLong(slot -> slot.entry.bytes())
        .sum();
  }

  private boolean isIdle(Slot slot) {
    return slot.users == 0 && slot.model.isDone() && !slot.entry.id().equals(primary.id());
  }

  private void evict(Slot slot) {
    slots.remove(slot.entry.id());
    if (!slot.model.isCompletedExceptionally()) {
      slot.model.join().close();
      LOG.log(Level.INFO, "model {0} was let go", slot.entry.id());
    }
  }

  private synchronized void release(Slot slot) {
    slot.users--;
    slot.idleSince = System.nanoTime();
    notifyAll();
  }

  private synchronized void letGo() {
    try {
      while (!closed) {
        long now = System.nanoTime();
        long limit = settings.keepAlive().toNanos();
        List<Slot> due =
            slots.values().stream().filter(s -> isIdle(s) && now - s.idleSince >= limit).toList();
        due.forEach(this::evict);
        wait(1000);
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  /** Closes all models; what still runs fails. */
  @Override
  public void close() {
    List<Slot> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(slots.values());
      slots.clear();
      notifyAll();
    }
    reaper.interrupt();
    for (Slot slot : all) {
      if (!slot.model.completeExceptionally(new IllegalStateException("the server was stopped"))
          && !slot.model.isCompletedExceptionally()) {
        slot.model.join().close();
      }
    }
  }
}
