package dev.thermocline.server.models;

import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.StoreException;
import dev.thermocline.models.store.StoredModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The models of the store, by their names there. */
public final class StoreCatalog implements ModelCatalog {
  private final ModelStore store;

  public StoreCatalog(ModelStore store) {
    this.store = store;
  }

  @Override
  public List<ModelEntry> list() throws IOException {
    return store.list().stream().map(StoreCatalog::entry).toList();
  }

  @Override
  public Optional<ModelEntry> find(String name) throws IOException {
    try {
      return store.find(name).map(StoreCatalog::entry);
    } catch (StoreException e) {
      // Several are meant, or it is no name at all: clients have to say which.
      return Optional.empty();
    }
  }

  private static ModelEntry entry(StoredModel model) {
    return new ModelEntry(model.name(), model.path(), model.bytes(), model.modified());
  }
}
