package dev.thermocline.models.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the Hub tells about repositories: {@code /api/models/ID/tree/REVISION}. */
final class HubApi {
  private static final int MOST_BYTES = 32 << 20;
  private static final int MOST_PAGES = 100;
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  private final StoreSettings settings;
  private final Transport transport;

  HubApi(StoreSettings settings, Transport transport) {
    this.settings = settings;
    this.transport = transport;
  }

  /** All files of a repository by path. */
  Map<String, RemoteFile> files(RepoId repo, String revision)
      throws StoreException, InterruptedException {
    Map<String, RemoteFile> files = new LinkedHashMap<>();
    URI page =
        address(
            "/api/models/" + repo + "/tree/" + Uris.escape(revision, false) + "?recursive=true");
    for (int pages = 0; page != null; pages++) {
      if (pages == MOST_PAGES) {
        throw new StoreException(repo + ": expected at most " + MOST_PAGES + " pages of files");
      }
      URI asked = page;
      Page read = new Backoff(settings.patience()).run(() -> read(asked, repo + subject(revision)));
      read.files.forEach(file -> files.put(file.path(), file));
      page = read.next;
    }
    return files;
  }

  private static String subject(String revision) {
    return revision.equals(ModelReference.MAIN) ? "" : "@" + revision;
  }

  /** The address of a file's content. */
  URI content(RepoId repo, String revision, String path) throws StoreException {
    return address(
        "/" + repo + "/resolve/" + Uris.escape(revision, false) + "/" + Uris.escape(path, true));
  }

  private URI address(String path) throws StoreException {
    return Uris.web(settings.endpoint() + path);
  }

  private record Page(Iterable<RemoteFile> files, @Nullable URI next) {}

  private Page read(URI uri, String subject)
      throws StoreException, TransientException, InterruptedException {
    try (Reply reply = transport.get(uri, Map.of("Accept", "application/json"))) {
      if (reply.status() != 200) {
        new Statuses(settings).refuse(reply, subject);
      }
      return new Page(FileListing.parse(body(reply, subject), subject), next(reply));
    } catch (StoreException | TransientException e) {
      throw e;
    } catch (IOException e) {
      throw new TransientException(Uris.printable(uri) + ": " + Failures.reason(e), e);
    }
  }

  private static byte[] body(Reply reply, String subject) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    InputStream in = reply.body();
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (all.size() + count > MOST_BYTES) {
        throw new StoreException(subject + ": its list of files is larger than 32 MiB");
      }
      all.write(buffer, 0, count);
    }
    return all.toByteArray();
  }

  /** The next page, if it is on the same server: a token goes with the request. */
  private @Nullable URI next(Reply reply) throws StoreException {
    Matcher match = NEXT.matcher(reply.header("Link").orElse(""));
    if (!match.find()) {
      return null;
    }
    URI next = Uris.web(reply.uri().resolve(match.group(1).replace(" ", "%20")).toString());
    return Uris.sameOrigin(next, settings.endpoint()) ? next : null;
  }
}
