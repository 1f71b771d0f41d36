package dev.thermocline.server.models;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The models that can be served besides the one a server was started with. */
public interface ModelCatalog {
  /** No others. */
  ModelCatalog NONE =
      new ModelCatalog() {
        @Override
        public List<ModelEntry> list() {
          return List.of();
        }

        @Override
        public Optional<ModelEntry> find(String name) {
          return Optional.empty();
        }
      };

  /** All of them, as they are now. */
  List<ModelEntry> list() throws IOException;

  /** The one that a name means. */
  Optional<ModelEntry> find(String name) throws IOException;
}
