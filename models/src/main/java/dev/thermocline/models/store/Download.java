package dev.thermocline.models.store;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file into a folder of blobs, going on where an earlier transfer stopped, as long as
 * the content is still the same.
 *
 * <p>The first request asks for everything, because only its answer tells which content there is;
 * if a part of that content is here already, the answer is dropped and the rest asked for. After a
 * broken connection the rest is asked for at once, on the condition that the content has not
 * changed.
 */
final class Download {
  /** So much between two failures counts as progress. */
  private static final long PROGRESS_BYTES = 1 << 20;

  /** How often a server may change its mind about the content before we give up. */
  private static final int MOST_RESTARTS = 5;

  private final Transport transport;
  private final StoreSettings settings;
  private final URI address;
  private final String subject;
  private final Path repo;
  private final Function<Reply, Content> identify;
  private final PullListener listener;
  private final Backoff backoff;
  private @Nullable Content content;
  private @Nullable PartialFile partial;
  private @Nullable FileChannel lock;
  private int restarts;

  /**
   * Prepares a download.
   *
   * @param repo folder of the repository; the file goes into its {@code blobs}
   * @param subject the file, for messages
   * @param identify what content an answer is about
   */
  Download(
      StoreSettings settings,
      Transport transport,
      URI address,
      Path repo,
      String subject,
      Function<Reply, Content> identify,
      PullListener listener) {
    this.settings = settings;
    this.transport = transport;
    this.address = address;
    this.repo = repo;
    this.subject = subject;
    this.identify = identify;
    this.listener = listener;
    this.backoff = new Backoff(settings.patience());
  }

  /**
   * A file that is here.
   *
   * @param sha256 empty if it was here before and nobody told
   * @param fetched whether it was transferred
   */
  record Fetched(Content content, String sha256, boolean fetched) {}

  Fetched run() throws StoreException, InterruptedException {
    try {
      Fetched fetched = null;
      while (fetched == null) {
        try {
          fetched = attempt();
        } catch (TransientException e) {
          listener.retries(e.getMessage());
          backoff.failed(e);
        }
      }
      return fetched;
    } finally {
      release();
    }
  }

  /** One request; null if another one has to follow. */
  private @Nullable Fetched attempt()
      throws StoreException, TransientException, InterruptedException {
    PartialFile part = partial;
    boolean ranged = part != null && part.length() > 0 && content != null && content.isResumable();
    try (Reply reply = transport.get(address, ranged ? range(part) : Map.of())) {
      return switch (reply.status()) {
        case 200 -> whole(reply);
        case 206 -> rest(reply);
        default -> {
          if (ranged && reply.status() == 416) {
            yield pastTheEnd(reply);
          }
          new Statuses(settings).refuse(reply, subject);
          yield null;
        }
      };
    } catch (StoreException | TransientException e) {
      throw e;
    } catch (IOException e) {
      throw new TransientException(subject + ": " + Failures.reason(e), e);
    }
  }

  private Map<String, String> range(@Nullable PartialFile part) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Range", "bytes=" + Objects.requireNonNull(part).length() + "-");
    String validator = Objects.requireNonNull(content).validator();
    if (validator != null) {
      headers.put("If-Range", validator);
    }
    return headers;
  }

  /** The server offers everything, because we asked so, the content changed, or it always does. */
  private @Nullable Fetched whole(Reply reply) throws IOException {
    Content offered = identify.apply(reply);
    boolean known = content != null && content.blob().equals(offered.blob());
    if (!known) {
      dropPartial();
      if (isThere(offered)) {
        return new Fetched(offered, Objects.requireNonNullElse(offered.sha256(), ""), false);
      }
      partial = open(offered);
      if (partial.length() > 0) {
        content = offered;
        // Everything may be here; a range past the end would be an error then.
        return partial.length() == offered.size() ? finish() : null;
      }
    }
    content = offered;
    PartialFile part = Objects.requireNonNull(partial);
    part.restart();
    return transfer(reply, part, offered);
  }

  private void dropPartial() throws StoreException {
    if (partial != null) {
      restart("its content changed");
      partial.delete();
    }
    release();
  }

  private void restart(String why) throws StoreException {
    if (++restarts > MOST_RESTARTS) {
      throw new StoreException(subject + ": starts anew again and again, last because " + why);
    }
  }

  private boolean isThere(Content offered) throws IOException {
    Path blob = blob(offered);
    return Files.isRegularFile(blob) && (offered.size() < 0 || Files.size(blob) == offered.size());
  }

  private Path blob(Content offered) {
    return repo.resolve("blobs").resolve(offered.blob());
  }

  private PartialFile open(Content offered) throws StoreException {
    Path locks = repo.resolveSibling(".locks").resolve(repo.getFileName());
    lock = FileLocks.take(locks.resolve(offered.blob() + ".lock"), subject);
    PartialFile part = PartialFile.open(blob(offered));
    if (offered.isResumable()) {
      part.resume(length -> listener.progress(length, offered.size()));
    }
    if (offered.size() >= 0 && part.length() > offered.size()) {
      part.restart();
    }
    return part;
  }

  /** The server offers what is missing. */
  private Fetched rest(Reply reply) throws IOException {
    PartialFile part = partial;
    Content expected = content;
    if (part == null || expected == null || part.length() == 0) {
      throw new StoreException(subject + ": the server sent a part of the file, unasked");
    }
    ContentRange range = ContentRange.of(reply).orElse(null);
    boolean fits = range != null && range.first().orElse(-1) == part.length();
    if (!fits || !same(reply, expected)) {
      restart("the server's part does not fit");
      part.restart();
      throw new TransientException(subject + ": the server's part does not fit", null);
    }
    return transfer(reply, part, expected);
  }

  /** An answer without any tag was made on our condition that nothing changed. */
  private boolean same(Reply reply, Content expected) {
    boolean tagged = reply.hub().linkedEtag().or(() -> reply.header("ETag")).isPresent();
    return !tagged || identify.apply(reply).blob().equals(expected.blob());
  }

  /** There is no rest: the part is the whole, or of something else. */
  private @Nullable Fetched pastTheEnd(Reply reply) throws StoreException {
    PartialFile part = Objects.requireNonNull(partial);
    long total = ContentRange.of(reply).map(ContentRange::total).map(t -> t.orElse(-1)).orElse(-1L);
    if (total == part.length()) {
      return finish();
    }
    restart("the server has no further bytes");
    part.restart();
    return null;
  }

  private Fetched transfer(Reply reply, PartialFile part, Content offered)
      throws StoreException, TransientException {
    checkSpace(offered, part);
    byte[] buffer = new byte[1 << 16];
    long mark = part.length();
    for (int count = read(reply, buffer); count >= 0; count = read(reply, buffer)) {
      if (offered.size() >= 0 && part.length() + count > offered.size()) {
        part.delete();
        throw new StoreException(
            subject + ": expected " + offered.size() + " bytes, the server sends more");
      }
      part.append(buffer, count);
      listener.progress(part.length(), offered.size());
      if (part.length() - mark >= PROGRESS_BYTES) {
        mark = part.length();
        backoff.progressed();
      }
    }
    if (part.length() < offered.size()) {
      throw brokenOff(part, offered, null);
    }
    return finish();
  }

  private int read(Reply reply, byte[] buffer) throws TransientException {
    try {
      return reply.body().read(buffer);
    } catch (IOException e) {
      throw brokenOff(Objects.requireNonNull(partial), Objects.requireNonNull(content), e);
    }
  }

  private TransientException brokenOff(
      PartialFile part, Content offered, @Nullable IOException cause) {
    String whole = offered.size() < 0 ? "" : " of " + offered.size();
    String reason = cause == null ? "" : ": " + Failures.reason(cause);
    return new TransientException(
        subject + ": broke off after " + part.length() + whole + " bytes" + reason, cause);
  }

  private void checkSpace(Content offered, PartialFile part) throws StoreException {
    try {
      FileStore disk = Files.getFileStore(repo);
      long free = disk.getUsableSpace();
      long needed = offered.size() - part.length();
      if (offered.size() >= 0 && free < needed) {
        throw new StoreException(
            subject + ": needs " + needed + " bytes more, " + repo + " has " + free + " left");
      }
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException(repo + ": cannot be examined: " + Failures.reason(e), e);
    }
  }

  private Fetched finish() throws StoreException {
    PartialFile part = Objects.requireNonNull(partial);
    Content done = Objects.requireNonNull(content);
    String found = part.sha256();
    if (done.sha256() != null && !done.sha256().equals(found)) {
      part.delete();
      throw new StoreException(
          subject
              + ": expected SHA-256 "
              + done.sha256()
              + ", got "
              + found
              + "; the file was removed, pull it again");
    }
    part.complete();
    return new Fetched(done, found, true);
  }

  private void release() throws StoreException {
    try {
      if (partial != null) {
        partial.close();
      }
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new StoreException(subject + ": " + Failures.reason(e), e);
    } finally {
      partial = null;
      lock = null;
    }
  }
}
