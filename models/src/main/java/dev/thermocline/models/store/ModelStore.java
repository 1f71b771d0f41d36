package dev.thermocline.models.store;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models on this machine and the way to get more. Models from the Hugging Face Hub are kept in
 * the cache that its own tools use, so that each finds what another fetched; models behind other
 * links are kept apart in the same layout. Safe for several threads and processes.
 */
public final class ModelStore {
  private final StoreSettings settings;

  public ModelStore(StoreSettings settings) {
    this.settings = settings;
  }

  public StoreSettings settings() {
    return settings;
  }

  /** All models, by repository. */
  public List<StoredModel> list() throws IOException {
    List<StoredModel> models = new ArrayList<>(new StoreIndex(settings.hubCache()).models());
    models.addAll(new StoreIndex(settings.linkCache()).models());
    return models;
  }

  /**
   * The model of a name: {@code owner/repo:quantization} as {@link #list} gives it; without owner,
   * if it is the only such repository; without quantization, for the usual choice among those here.
   *
   * @throws StoreException if several are meant; the message names them
   */
  public Optional<StoredModel> find(String name) throws IOException {
    return StoreNames.find(list(), bare(name), false);
  }

  /** The model that a pull has put here, as far as can be told without asking the network. */
  public Optional<StoredModel> find(ModelReference reference) throws IOException {
    return switch (reference) {
      case ModelReference.Hub hub -> {
        RepoFolder folder = new RepoFolder(settings.hubCache(), hub.repo());
        String commit = folder.commit(hub.revision()).orElse(hub.revision());
        boolean main = hub.revision().equals(ModelReference.MAIN);
        String name = hub.repo() + (main ? "" : "@" + commit);
        String selection = hub.selection();
        yield find(selection == null ? name : name + ":" + selection);
      }
      case ModelReference.Link link -> {
        String file = RepoPath.fileName(SplitName.parts(link.uri().getPath()).getFirst());
        RepoFolder folder = new RepoFolder(settings.linkCache(), repo(link.uri()));
        yield StoreIndex.models(folder).stream().filter(m -> m.file().equals(file)).findFirst();
      }
    };
  }

  /** As {@link #find(String)}, but without a choice between several quantizations. */
  public Optional<StoredModel> findOnly(String name) throws IOException {
    return StoreNames.find(list(), bare(name), true);
  }

  private static String bare(String name) {
    return name.startsWith(ReferenceParser.SCHEME)
        ? name.substring(ReferenceParser.SCHEME.length())
        : name;
  }

  /**
   * Removes a model; contents that other snapshots use stay.
   *
   * @return bytes that were freed
   */
  public long remove(StoredModel model) throws StoreException {
    RepoFolder hub = new RepoFolder(settings.hubCache(), model.repo());
    RepoFolder link = new RepoFolder(settings.linkCache(), model.repo());
    RepoFolder folder = model.path().startsWith(link.path()) ? link : hub;
    return folder.remove(model.revision(), SplitName.parts(model.file()));
  }

  /**
   * Fetches a model, or finds that it is here already.
   *
   * @throws StoreException if it cannot be had; what came so far is kept and used the next time
   */
  public StoredModel pull(ModelReference reference, PullListener listener)
      throws IOException, InterruptedException {
    if (settings.offline()) {
      return find(reference)
          .orElseThrow(() ->
              new StoreException(
                  reference + ": not in the store, and HF_HUB_OFFLINE forbids the network"));
    }
    try (Transport transport = new Transport(settings)) {
      return switch (reference) {
        case ModelReference.Hub hub -> pull(transport, hub, listener);
        case ModelReference.Link link -> pull(transport, link, listener);
      };
    }
  }

  private StoredModel pull(Transport transport, ModelReference.Hub wanted, PullListener listener)
      throws IOException, InterruptedException {
    HubApi api = new HubApi(settings, transport);
    Map<String, RemoteFile> files = api.files(wanted.repo(), wanted.revision());
    Candidate model =
        Candidate.choose(
            Candidate.among(files.keySet()), wanted.selection(), wanted.repo().toString());
    RepoFolder folder = new RepoFolder(settings.hubCache(), wanted.repo());
    String revision = wanted.revision();
    for (String path : model.parts()) {
      RemoteFile file = files.get(path);
      if (file == null) {
        throw new StoreException(wanted.repo() + ": lacks " + path + ", a part of the model");
      }
      URI address = api.content(wanted.repo(), revision, path);
      Download download =
          new Download(
              settings,
              transport,
              address,
              folder.path(),
              RepoPath.fileName(path),
              reply -> Content.ofHub(reply, address, file),
              listener);
      listener.begins(path, model.parts().indexOf(path) + 1, model.parts().size(), file.size());
      Download.Fetched fetched = download.run();
      // All further files are asked of the commit that the first one belongs to.
      revision = commit(fetched.content(), revision);
      folder.link(revision, path, fetched.content().blob());
      listener.ends(path, fetched.sha256(), fetched.fetched());
    }
    folder.ref(wanted.revision(), revision);
    return stored(folder, revision, model.path());
  }

  /** A mirror may leave the commit out; then the revision has to stand for it. */
  private static String commit(Content content, String revision) {
    return content.commit() == null ? revision.replace('/', '-') : content.commit();
  }

  private StoredModel pull(Transport transport, ModelReference.Link wanted, PullListener listener)
      throws IOException, InterruptedException {
    List<String> paths = SplitName.parts(wanted.uri().getPath());
    RepoFolder folder = new RepoFolder(settings.linkCache(), repo(wanted.uri()));
    Map<String, String> blobs = new HashMap<>();
    String commit = "";
    for (int i = 0; i < paths.size(); i++) {
      URI address = Uris.withPath(wanted.uri(), paths.get(i));
      String name = RepoPath.fileName(paths.get(i));
      Download download =
          new Download(
              settings,
              transport,
              address,
              folder.path(),
              name,
              reply -> Content.ofLink(reply, address),
              listener);
      listener.begins(name, i + 1, paths.size(), -1);
      Download.Fetched fetched = download.run();
      blobs.put(name, fetched.content().blob());
      commit = Digests.of(commit + fetched.content().blob()).substring(0, 40);
      listener.ends(name, fetched.sha256(), fetched.fetched());
    }
    for (Map.Entry<String, String> blob : blobs.entrySet()) {
      folder.link(commit, blob.getKey(), blob.getValue());
    }
    folder.ref(ModelReference.MAIN, commit);
    return stored(folder, commit, RepoPath.fileName(paths.getFirst()));
  }

  /** The server and the name of the model, which all its quantizations share. */
  private static RepoId repo(URI uri) {
    String stem = RepoPath.stem(uri.getPath());
    String quantization = Quantization.of(stem);
    int length = quantization == null ? 0 : stem.length() - quantization.length();
    boolean ends = length > 1 && stem.substring(length).equalsIgnoreCase(quantization);
    return new RepoId(
        RepoId.part(Uris.host(uri)), RepoId.part(ends ? stem.substring(0, length) : stem));
  }

  private static StoredModel stored(RepoFolder folder, String commit, String path)
      throws IOException {
    return StoreIndex.models(folder).stream()
        .filter(model -> model.revision().equals(commit) && model.file().equals(path))
        .findFirst()
        .orElseThrow(() -> new StoreException(folder.path() + ": lost " + path));
  }
}
